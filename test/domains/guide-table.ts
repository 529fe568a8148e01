/** The rows of the Markdown table with these headings, without code marks. */
export function rowsOf(guide: string, headings: readonly string[]): string[][] {
  const rows = guide.split('\n').map(cellsOf)
  const start = rows.findIndex((cells) => cells.join('|') === headings.join('|')) + 2
  return rows.slice(
    start,
    rows.findIndex((cells, index) => index > start && cells.length < headings.length),
  )
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''))
