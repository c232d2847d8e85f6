/** `agent-chaos list`: scenarios with what can be broken in them, and the catalogues. */
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../faults/catalogue.js'
import { UserError } from '../../../../harness/contracts/errors.js'
import { columnsOf } from '../../../../reports/drawing/text.js'
import { invoke } from '../../../fixtures/cli/command-line.js'

describe('agent-chaos list', () => {
  it('names sites, the faults that fit, and invariants', async () => {
    expect(await invoke(['list'])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'refund-order',
        '  scenarios/refund.chaos.ts',
        '  task        Refund order 42.',
        '  invariants  effects-exactly-once',
        '  by default  terminates',
        '  site        tool:refund, 2 crossings',
        '              tool/reply-lost, tool/duplicate',
        '',
      ].join('\n'),
    })
  })

  it('goes on after a file that cannot be loaded, and exits with 2', async () => {
    const { code, stdout } = await invoke(['list', '--json', '-'], {
      files: ['scenarios/a.chaos.ts', 'scenarios/b.chaos.ts'],
      campaign: {
        inspect: async (file) => {
          if (file.endsWith('a.chaos.ts')) throw new UserError('a scenario needs a goal')
          return {
            name: 'b',
            task: 't',
            canary: 'terminates',
            tags: [],
            sites: [],
            invariants: [],
            broken: 'the goal is missed',
          }
        },
      },
    })

    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'agent-chaos/listing',
      scenarios: [{ file: 'scenarios/b.chaos.ts', name: 'b', canary: 'terminates', broken: 'the goal is missed' }],
      failures: [{ file: 'scenarios/a.chaos.ts', message: 'a scenario needs a goal' }],
    })
  })

  it('lists every fault of the catalogue within 80 columns', async () => {
    const { code, stdout } = await invoke(['list', '--faults'])

    expect(code).toBe(0)
    for (const { name, class: class_ } of catalogue) expect(stdout).toContain(`${name} (${class_})\n`)
    expect(stdout.split('\n').filter((line) => columnsOf(line) > 80)).toEqual([])
  })

  it('says of a fault on which wires it has no counterpart', async () => {
    const { stdout } = await invoke(['list', '--faults'])
    expect(stdout.replace(/\s+/g, ' ')).toContain('Not on anthropic messages, at once; anthropic messages, streamed.')
    const listing = JSON.parse((await invoke(['list', '--faults', '--json', '-'])).stdout) as {
      faults: { name: string; noCounterpart: { on: string; reason: string }[] }[]
    }
    const known = listing.faults.filter(({ noCounterpart }) => noCounterpart.length > 0)
    expect(known.map(({ name }) => name)).toEqual(['model/malformed-input'])
    expect(known[0]?.noCounterpart[0]).toMatchObject({
      on: 'anthropic messages, at once',
      reason: expect.stringContaining('as JSON'),
    })
  })

  it('lists every invariant and whether it is on by default', async () => {
    const { stdout } = await invoke(['list', '--invariants'])

    expect(stdout).toContain('terminates (liveness, on by default)\n')
    expect(stdout).toContain('effects-exactly-once (safety)\n')
  })

  it('gives both catalogues to a program', async () => {
    const { stdout } = await invoke(['list', '--faults', '--invariants', '--json', '-'])

    const listing = JSON.parse(stdout) as { faults: unknown[]; invariants: unknown[] }
    expect(listing.faults).toHaveLength(catalogue.length)
    expect(listing.invariants).toHaveLength(2)
  })
})
