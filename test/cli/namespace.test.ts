/** Workers in a network of their own: what an agent starts reaches nothing outside, whatever program it is. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Trace } from '../../harness/contracts/trace.js'
import { agentChaos } from '../support/cli/command.js'
import { namespaceRefusal } from '../support/cli/namespaces.js'
import { stable } from '../support/stable.js'

const option = '--network-namespace'
const allowing = 'test/fixtures/namespace/allows.chaos.ts'
const refusal = namespaceRefusal()

/** What holds of the machine's network, and is not to be heard of by any agent that has one of its own. */
let outside: Server
let connections = 0

beforeAll(async () => {
  outside = createServer((socket) => {
    connections++
    socket.destroy()
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
})
afterAll(() => outside.close())

async function claimOf(...options: string[]): Promise<unknown> {
  const file = 'test/fixtures/namespace/reaches-out.chaos.ts'
  const env = { OUTSIDE_PORT: String((outside.address() as AddressInfo).port) }
  const { stdout, stderr } = await agentChaos(['replay', file, '--json', '-', ...options], { env })
  const claim = (JSON.parse(stdout) as { trace: Trace }).trace.events.find(({ kind }) => kind === 'claim')
  return claim?.kind === 'claim' ? JSON.parse(String(claim.result)) : stderr
}

describe('an agent whose child is no Node process', () => {
  it('reaches this machine without the option', async () => {
    const before = connections
    expect(await claimOf()).toEqual({ outside: 'reached', own: 'reached' })
    expect(connections - before).toBe(1)
  })

  it('reaches its own loopback with it, and nothing outside', async ({ skip }) => {
    if (refusal !== undefined) skip(refusal)
    const before = connections
    expect(await claimOf(option)).toEqual({ outside: 'refused', own: 'reached' })
    expect(connections - before).toBe(0)
  })
})

describe('a network of its own', () => {
  beforeEach(({ skip }) => {
    if (refusal !== undefined) skip(refusal)
  })

  it('changes nothing about a report', async () => {
    const args = ['run', 'test/fixtures/shop', 'scenarios/refund.chaos.ts', '--trials-max', '60', '--json', '-']
    const [with_, without] = await Promise.all([
      agentChaos([...args, '--quiet', option]),
      agentChaos([...args, '--quiet']),
    ])
    expect(stable(JSON.parse(with_.stdout)), with_.stderr).toEqual(stable(JSON.parse(without.stdout)))
    expect(with_.code).toBe(without.code)
  })

  it('changes nothing about a trace', async () => {
    const plan = ['--plan', 'effect:refund#1 = effect/reply-lost']
    const args = ['replay', 'test/fixtures/shop/refund.chaos.ts', ...plan, '--json', '-']
    const [with_, without] = await Promise.all([agentChaos([...args, option]), agentChaos(args)])
    expect(with_.stdout, with_.stderr).toContain('"digest"')
    expect(with_.stdout).toBe(without.stdout)
  })

  it.each([
    [['run', allowing]],
    [['replay', allowing]],
    [['selftest', allowing, '--trials', '1']],
    [['list', allowing]],
    [['doctor', allowing]],
  ])('is refused to a scenario that allows another machine: %j', async (args) => {
    const { code, stdout, stderr } = await agentChaos([...args, option, '--no-color'])
    const said = (stdout + stderr).replaceAll(/\s+/g, ' ')
    expect(said).toContain(`${option}: expected scenarios that reach no other machine`)
    expect(said).toContain('scenario "allows" allows db.local:5432')
    expect(code).toBe(2)
    expect((await agentChaos(args)).code).not.toBe(2)
  })

  it('can be asked for in the configuration', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'agent-chaos-')), 'agent-chaos.config.json')
    writeFileSync(file, JSON.stringify({ networkNamespace: true }))
    const { code, stderr } = await agentChaos(['replay', allowing, '--config', file])
    expect(stderr).toContain('scenario "allows" allows')
    expect(code).toBe(2)
  })
})

describe('what goes with it', () => {
  it.each([
    [['run', allowing, '--queue', 'redis://127.0.0.1:1'], '--queue exclude each other'],
    [['replay', allowing, '--inspect'], '--inspect exclude each other'],
  ])('%j is refused', async (args, said) => {
    const { code, stderr } = await agentChaos([...args, option])
    expect(stderr).toContain(`${option} and ${said}`)
    expect(code).toBe(2)
  })
})

describe('a machine that makes no such network', () => {
  it('has no program for it', async () => {
    const { code, stderr } = await agentChaos(['run', allowing, option], { env: { PATH: '/nowhere' } })
    expect(stderr).toMatch(
      /^agent-chaos: --network-namespace: expected a system .*there is no unshare \(util-linux\)$/m,
    )
    expect(code).toBe(2)
  })

  it.skipIf(process.platform !== 'linux')('may have a kernel that forbids it', async () => {
    const programs = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
    const unshare = join(programs, 'unshare')
    writeFileSync(unshare, '#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2\nexit 1\n')
    chmodSync(unshare, 0o755)
    const env = { PATH: `${programs}:${process.env.PATH}` }
    const { code, stdout, stderr } = await agentChaos(['run', allowing, option], { env })
    expect(stderr).toContain('network of its own: unshare: unshare failed: Operation not permitted')
    expect([code, stdout]).toEqual([2, ''])
  })
})
