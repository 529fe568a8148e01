import { expect, it, test } from 'vitest'
import type { DomainConfig, TrackingDomain } from '../../src/config/domain-config.ts'
import { removalImpact } from '../../src/domains/index.ts'

const cnameTarget = 't1.tracking.example.net'
const domain = (...trackingDomains: TrackingDomain[]): DomainConfig => ({
  name: 'Example.com',
  openTracking: true,
  clickTracking: false,
  trackingDomains,
})
const links = domain({ host: 'links.example.com', status: 'verified', cnameTarget })
const key = (id: string): { id: string; secret: string } => ({ id, secret: `a secret of no less than 32 bytes: ${id}` })

it('names the hosts that may stand in sent mail, and what to put in place for each', () => {
  const impact = removalImpact(
    domain(
      { host: 'old.example.com', status: 'failed', cnameTarget },
      { host: 'never.example.com', status: 'not_started', cnameTarget },
      { host: 'Links.Example.com', status: 'verified', cnameTarget: 'T1.Tracking.Example.net.' },
      { host: 'lost.example.com', status: 'pending', cnameTarget, verifiedAt: 1 },
      { host: 'new.example.com', status: 'pending', cnameTarget },
    ),
  )
  const todo = (host: string): string =>
    `point ${host} at a proxy of your own that passes every request to ${cnameTarget} with "Host: ${host}", under a certificate for ${host}`
  const names = ['old.example.com', 'links.example.com', 'lost.example.com']
  expect(impact).toEqual({
    hosts: names.map((host) => ({ host, cnameTarget, todo: todo(host) })),
    receiverMustKeep: { name: 'example.com', hosts: names, keyIds: [] },
    message:
      'removing example.com breaks the links in sent mail through old.example.com, links.example.com, lost.example.com: first put a proxy in place for each, and keep the domain, these hosts and the stored links in the receiver',
  })
})

test.each<[string, Omit<TrackingDomain, 'host'>, boolean]>([
  ['verified', { status: 'verified' }, true],
  ['failing for now', { status: 'temporary_failure' }, true],
  ['failed, and perhaps verified before times were kept', { status: 'failed' }, true],
  ['waiting, and verified once', { status: 'pending', verifiedAt: 1 }, true],
  ['chosen again, and verified once', { status: 'not_started', verifiedAt: 1 }, true],
  ['never found', { status: 'pending' }, false],
  ['never looked for', { status: 'not_started' }, false],
])('a host that is %s', (_, state, isStranded) => {
  const { hosts, receiverMustKeep } = removalImpact(domain({ host: 'links.example.com', ...state }))
  expect(hosts.map(({ host }) => host)).toEqual(isStranded ? ['links.example.com'] : [])
  expect(receiverMustKeep.hosts).toEqual(isStranded ? ['links.example.com'] : [])
})

it('leaves out a host with a port, which is for local use', () => {
  expect(removalImpact(domain({ host: 'links.localhost:8080', status: 'verified', scheme: 'http' })).hosts).toEqual([])
})

it('knows no target where the configuration names none', () => {
  expect(removalImpact(domain({ host: 'links.example.com', status: 'verified' })).hosts).toEqual([
    {
      host: 'links.example.com',
      cnameTarget: null,
      todo: 'point links.example.com at a proxy of your own that passes every request to its tracking target with "Host: links.example.com", under a certificate for links.example.com',
    },
  ])
})

test.each([
  ['no key', [], 'the stored links'],
  ['one key', ['k1'], 'the signing keys k1'],
  ['two keys', ['k2', 'k1'], 'the signing keys k2, k1'],
])('with %s, says what the receiver must keep, and never a secret', (_, ids, kept) => {
  const impact = removalImpact({ ...links, signingKeys: ids.map(key) })
  expect(impact.receiverMustKeep).toEqual({ name: 'example.com', hosts: ['links.example.com'], keyIds: ids })
  expect(impact.message).toBe(
    `removing example.com breaks the links in sent mail through links.example.com: first put a proxy in place for each, and keep the domain, these hosts and ${kept} in the receiver`,
  )
  expect(JSON.stringify(impact)).not.toContain('a secret')
})

it('says when nothing breaks', () => {
  expect(
    removalImpact({ ...domain({ host: 'new.example.com', status: 'pending' }), signingKeys: [key('k1')] }),
  ).toEqual({
    hosts: [],
    receiverMustKeep: { name: 'example.com', hosts: [], keyIds: ['k1'] },
    message: 'no sent mail depends on a tracking domain of example.com',
  })
})
