import { judge, type Measurement, type Verdict } from './goals.ts'
import { describeMachine } from './machine.ts'

/** A table; the first column holds names, the others figures with their unit. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a mode has found. */
export interface Report {
  readonly tables: readonly Table[]
  readonly measurements: readonly Measurement[]
  readonly notes: readonly string[]
  /** The figures behind the tables, for `--json`. */
  readonly data: unknown
}

export function printReport(mode: string, report: Report, asJson: boolean): void {
  const machine = describeMachine()
  const verdicts = report.measurements.map(judge)
  if (asJson) {
    const { tables, measurements, ...rest } = report
    console.log(JSON.stringify({ mode, machine, goals: verdicts, ...rest }, null, 2))
    return
  }
  console.log(
    `${mode} · Node ${machine.node} (V8 ${machine.v8}) · ${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}\n`,
  )
  for (const table of report.tables) console.log(`${renderTable(table)}\n`)
  for (const note of report.notes) console.log(`* ${note}`)
  if (report.notes.length > 0) console.log()
  if (verdicts.length === 0) return
  const metCount = verdicts.filter(({ met }) => met).length
  console.log(
    renderTable({
      title: `Goals: ${metCount} of ${verdicts.length} met`,
      columns: ['', 'at', 'measured', 'goal', ''],
      rows: summarise(verdicts).map(({ what, at, value, bound, limit, unit, met, margin }) => [
        what,
        at,
        `${significant(value)} ${unit}`,
        `${bound} ${limit} ${unit}`,
        met ? 'met' : `missed by ${Math.round(-margin * 100)} %`,
      ]),
    }),
  )
}

/** Of a goal with many measurements, the worst one and all that missed it. */
function summarise(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.flatMap((verdict) => {
    const same = verdicts.filter(({ goal }) => goal === verdict.goal)
    if (same.length <= 8 || !verdict.met) return [verdict]
    const isWorst = same.every(({ margin }) => verdict.margin <= margin)
    return isWorst ? [{ ...verdict, at: `worst of ${same.length}: ${verdict.at}` }] : []
  })
}

/** Three digits, as more would be noise. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return `${value}`
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 6))
}

export function duration(ms: number): string {
  if (ms < 1) return `${significant(ms * 1000)} us`
  return ms < 1000 ? `${significant(ms)} ms` : `${significant(ms / 1000)} s`
}

function renderTable({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const isText = columns.map((_, column) => column === 0 || !rows.some((row) => /^\d/.test(row[column] ?? '')))
  const render = (line: readonly string[]): string =>
    widths
      .map((width, column) => (line[column] ?? '')[isText[column] ? 'padEnd' : 'padStart'](width))
      .join('  ')
      .trimEnd()
  return [title, '', render(columns), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(render)].join(
    '\n',
  )
}
