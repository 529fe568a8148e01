import { failure, reasonOf } from './failure.ts'
import { importPeer } from './import-peer.ts'
import type { KeptDatabase } from './kept-database.ts'
import { note } from './terminal.ts'

/** In ms. */
const connectTimeoutMs = 10_000

const noUrl = failure(
  '--database is no URL: write @, :, / and % in a user name or a password as %40, %3A, %2F and %25',
  2,
)

/** A PostgreSQL server. Its URL may hold a password, and is never told. */
export async function openPostgres(url: string): Promise<KeptDatabase> {
  if (!/^postgres(?:ql)?:\/\//.test(url)) {
    throw failure('--database is no URL of PostgreSQL: use postgres://USER@HOST/NAME', 2)
  }
  const { default: pg } = await importPeer('--database', 'pg', () => import('pg'))
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'mailtrace',
  })
  // Of connections that wait: without a listener the end of the database server would be this program's.
  pool.on('error', (error) => note(`a connection to the database ended: ${reasonOf(error)}`))
  try {
    await pool.query('SELECT 1')
  } catch (error) {
    await pool.end()
    if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL') throw noUrl
    throw failure(`cannot use the database: ${reasonOfFailure(error)}`)
  }
  return { query: (text, values) => pool.query(text, values), close: () => pool.end() }
}

/** Where a name has several addresses, each has a reason of its own, and the whole none. */
function reasonOfFailure(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error]
  return first instanceof Error && first.message !== '' ? first.message : String((first as { code?: string }).code)
}
