import { expect, it } from 'vitest'
import { openPostgres } from '../../src/cli/open-postgres.ts'
import { freePort } from './server.ts'

it.each([
  ['mysql://root:secret@localhost/x', '--database is no URL of PostgreSQL: use postgres://USER@HOST/NAME'],
  ['secret', '--database is no URL of PostgreSQL: use postgres://USER@HOST/NAME'],
  [
    'postgres://user:sec/ret@localhost/x',
    '--database is no URL: write @, :, / and % in a user name or a password as %40, %3A, %2F and %25',
  ],
])('%s is refused, and no password is told', async (url, message) => {
  await expect(openPostgres(url)).rejects.toMatchObject({ message, exitCode: 2 })
})

it('a server that is not there is told of without its URL', async () => {
  const port = await freePort()
  await expect(openPostgres(`postgres://user:secret@127.0.0.1:${port}/x`)).rejects.toThrow(
    `cannot use the database: connect ECONNREFUSED 127.0.0.1:${port}`,
  )
})
