/** `agent-chaos replay`: one trial shown again, and an exit code that never takes an untested plan for a pass. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../../harness/contracts/errors.js'
import type { InjectionRecord } from '../../../../harness/contracts/trace.js'
import { held, inconclusive, type Judgement, vacuous } from '../../../../harness/contracts/verdict.js'
import { invoke } from '../../../fixtures/cli/command-line.js'
import { digest, judgements, trace } from '../../../fixtures/cli/trace.js'

const file = 'scenarios/refund.chaos.ts'
const good: Judgement = { invariant: 'terminates', verdict: held }
const untested: Judgement = { invariant: 'breaker-trips', verdict: vacuous('no tool failed') }
const unsure: Judgement = { invariant: 'spend', verdict: inconclusive('no price is known') }

function injection(status: InjectionRecord['status']): InjectionRecord {
  return { text: `tool:refund#1=${status}`, faults: 1, closed: true, status, endsAt: null }
}

async function exitFor(verdicts: readonly Judgement[], statuses: readonly InjectionRecord['status'][]) {
  const replayed = { ...trace, injections: statuses.map(injection) }
  const { code } = await invoke(['replay', file], {
    campaign: { replayFile: async () => ({ trace: replayed, digest, judgements: [...verdicts], notes: [] }) },
  })
  return code
}

describe('agent-chaos replay', () => {
  it('hands file, variant, seed and plan on', async () => {
    let seen: unknown
    const plan = 'tool:refund#1=tool/reply-lost'
    await invoke(['replay', file, '--repaired', '--seed', '7', '--plan', plan, '--trial-timeout', '2'], {
      campaign: {
        replayFile: async (path, { cwd, ...options }) => {
          seen = { path: path === join(cwd, file), ...options }
          return { trace, digest, judgements: [], notes: [] }
        },
      },
    })

    expect(seen).toEqual({
      path: true,
      seed: 7,
      plan,
      repaired: true,
      trialTimeout: 2,
      strict: false,
      networkNamespace: false,
      wire: false,
    })
  })

  it('prints seed, plan, digest, timeline and every verdict, and exits with 1 for a violation', async () => {
    const { code, stdout } = await invoke(['replay', file])

    expect(code).toBe(1)
    expect(stdout).toContain('seed      7')
    expect(stdout).toContain(`digest    ${digest}`)
    expect(stdout).toContain('⚡ tool/reply-lost')
    for (const { invariant } of judgements) expect(stdout).toContain(`${invariant}: `)
  })

  it('exits with 0 where nothing was violated and a fault landed', async () => {
    expect(await exitFor([good, untested], ['landed', 'planned'])).toBe(0)
  })

  it('exits with 0 where nothing was planned and nothing was violated', async () => {
    expect(await exitFor([good], [])).toBe(0)
  })

  it('exits with 3 where nothing of the plan landed', async () => {
    expect(await exitFor([good], ['planned', 'masked'])).toBe(3)
  })

  it('exits with 3 where a verdict is inconclusive', async () => {
    expect(await exitFor([good, unsure], ['landed'])).toBe(3)
  })

  it('exits with 1 for a violation, whatever else there is', async () => {
    expect(await exitFor([unsure, ...judgements], ['planned'])).toBe(1)
  })

  it('exits with 2 for a plan that is refused', async () => {
    const { code, stderr } = await invoke(['replay', file, '--plan', 'nonsense'], {
      campaign: { replayFile: () => Promise.reject(new UserError('a boundary is expected', 'plan:1')) },
    })

    expect({ code, stderr }).toEqual({ code: 2, stderr: 'agent-chaos: plan:1: a boundary is expected\n' })
  })

  it('writes trace and verdicts as JSON', async () => {
    await invoke(['replay', file, '--json', 'trial.json'], {
      inspect: (cwd) => {
        const written: unknown = JSON.parse(readFileSync(join(cwd, 'trial.json'), 'utf8'))
        const found = { digest, judgements, notes: [], trace, environment: {} }
        expect(written).toEqual({ format: 'agent-chaos/replay', version: 1, ...found })
      },
    })
  })
})
