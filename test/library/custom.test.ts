/** Proves that a fault and an invariant of a user's own work as those that ship do, in the library and on the command line. */
import { assertResilient, faultPlans, runTrial, verdictOf } from 'agent-chaos'
import { catalogue, encodePlan } from 'agent-chaos/faults'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersWithin, maintenance } from '../fixtures/custom/own.js'
import slow from '../fixtures/custom/slow.chaos.js'
import refund from '../fixtures/shop/refund.chaos.js'
import { agentChaos, shell } from '../support/cli/command.js'

const file = 'test/fixtures/custom/slow.chaos.ts'
const minimal = 'tool:ping#1.* = tool/maintenance'

describe('a fault of one’s own', () => {
  it('can be planned, with its parameters, beside those that ship', async () => {
    const scenario = { ...refund, faults: [...catalogue, maintenance] }
    const trial = await runTrial(scenario, { plan: 'tool:refund#1 = tool/maintenance(delay: 7000)' })
    const fault = trial.trace.events.find((event) => event.kind === 'fault')
    expect(fault).toMatchObject({ fault: 'tool/maintenance', class: 'transient', actions: ['delay', 'reject'] })
    expect(verdictOf(trial, 'transient-errors-retried')).toEqual({ kind: 'held' })
    expect(trial.state).toMatchObject({ refunds: { '42': 4200 } })
  })

  it('is drawn among those that ship', async () => {
    const plans = await faultPlans({ ...refund, faults: [...catalogue, maintenance] })
    const texts = fc.sample(plans, { seed: 1, numRuns: 100 }).map(encodePlan)
    expect(texts.some((text) => text.includes('tool/maintenance'))).toBe(true)
    expect(texts.some((text) => text.includes('tool/reply-lost'))).toBe(true)
  })
})

describe('an invariant of one’s own', () => {
  it('is judged in every trial', async () => {
    expect(verdictOf(await runTrial(slow), 'answers-in-time')).toEqual({ kind: 'held' })
    expect(verdictOf(await runTrial(slow, { plan: minimal }), 'answers-in-time')).toMatchObject({ kind: 'violated' })
  })

  it('is found violated by a search, and shrunk', async () => {
    await expect(assertResilient(slow, { trialsMax: 20 })).rejects.toThrow(
      `answers-in-time: The answer came after 25 seconds.\n  minimal plan: ${minimal}`,
    )
    await expect(
      assertResilient({ ...slow, invariants: [answersWithin(600)] }, { trialsMax: 20 }),
    ).resolves.toBeUndefined()
  })
})

describe('both, in a scenario file', () => {
  it('are run by the command, which prints a replay that works', async () => {
    const { stdout, code } = await agentChaos(['run', file])
    expect(code).toBe(1)
    const command = stdout.split('\n').find((line) => line.startsWith('npx agent-chaos replay'))
    expect(command).toBe(`npx agent-chaos replay ${file} --seed 1 --plan '${minimal}'`)
    const replayed = await shell(command ?? '')
    expect(replayed.code).toBe(1)
    expect(replayed.stdout).toContain('answers-in-time: violated (late)')
  })
})
