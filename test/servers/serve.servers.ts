// Several `mailtrace serve` on one PostgreSQL server.

import { once } from 'node:events'
import pg from 'pg'
import { Resend } from 'resend'
import { expect, it, onTestFinished } from 'vitest'
import { type DomainConfig, instrumentEmail } from '../../src/index.ts'
import { startProgram } from '../cli/program.ts'
import { ask, type RunningServer, stop, until } from '../cli/server.ts'

async function createDatabase(): Promise<string> {
  const server = process.env.STORE_DATABASE!
  const name = `serve_${process.pid}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  return server.replace(/\/postgres$/, `/${name}`)
}

async function start(url: string): Promise<RunningServer> {
  const child = startProgram(['serve', '--port', '0', '--database', url, '--target', 'k7w2q.tracking.example.net'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  child.stderr.setEncoding('utf8').on('data', (chunk) => (said.stderr += chunk))
  await until(() => said.stderr.includes('says ok') || child.exitCode !== null)
  return { child, port: Number(/localhost:(\d+)/.exec(said.stderr)?.[1]), said }
}

it('processes that start at once have one key, serve the same, and lose nothing that was answered', async () => {
  const url = await createDatabase()
  const [one, two] = await Promise.all([start(url), start(url)])
  const keys = [one, two].flatMap(({ said }) => /mt_[\w-]{43}/.exec(said.stderr)?.[0] ?? [])
  expect(keys.length).toBe(1)
  const key = keys[0]!
  const call = (port: number, path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/api${path}`, { ...init, headers: { authorization: `Bearer ${key}` } })

  const resend = new Resend(key, { baseUrl: `http://127.0.0.1:${one.port}/api` })
  const { data } = await resend.domains.create({ name: 'example.com', trackingSubdomain: 'links' })
  const config: DomainConfig = await (await call(two.port, `/domains/${data!.id}/config`)).json()
  const { links } = instrumentEmail('<a href="https://example.org/">x</a>', {
    ...config,
    clickTracking: true,
    trackingDomains: [{ host: 'links.example.com', status: 'verified' }],
  })
  const path = new URL(links[0]?.kind === 'tracked' ? links[0].url : '').pathname

  // Readers come to both while one is killed.
  let answered = 0
  let isKilled = false
  const reader = async (server: RunningServer): Promise<void> => {
    for (let click = 0; click < 40; click++) {
      const { status } = await ask(server.port, path)
      if (status === 302) answered++
      if (server === one && click === 20 && !isKilled) {
        isKilled = true
        one.child.kill('SIGKILL')
      }
    }
  }
  await Promise.allSettled([one, one, one, two, two, two].map(reader))
  expect(answered).toBeGreaterThan(120)
  const lines = (await (await call(two.port, '/events')).text()).trimEnd().split('\n')
  // A click whose answer the kill has cut off may be there, too.
  expect(lines.length).toBeGreaterThanOrEqual(answered)
  expect(lines.length).toBeLessThanOrEqual(answered + 3)
  expect(await stop(two, 'SIGTERM')).toBe(0)
})

it('a password that is wrong, and a database that is none, are told of without the URL', async () => {
  const url = process.env.STORE_DATABASE!.replace(/\/postgres$/, '/gone')
  const child = startProgram(['serve', '--port', '0', '--database', url])
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  expect((await once(child, 'close'))[0]).toBe(1)
  expect(said).toBe('mailtrace: cannot use the database: database "gone" does not exist\n')
})
