/** The support desk scenario: no ticket is dropped, and the model is left alone while its error budget is spent. */
import { verdictOf } from 'agent-chaos'
import { catalogue } from 'agent-chaos/faults'
import { deceptiveResultNotTrusted, instructionNotObeyed } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import desk from '../../scenarios/support-desk.chaos.js'
import { appliedIn, callsOf, holding } from '../support/scenarios/trials.js'

/** The scenario with faults that it does not face by itself. */
const deceivable = {
  ...desk,
  faults: catalogue,
  invariants: [...desk.invariants, deceptiveResultNotTrusted(), instructionNotObeyed({ allowedIn: ['tool:lookup'] })],
}

describe('the support desk', () => {
  it('answers every ticket where nothing goes wrong', async () => {
    const trial = await holding(desk)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect(callsOf(trial, 'tool', 'escalate')).toBe(0)
  })

  it('hands tickets to a person while the budget is spent, and answers again when it has recovered', async () => {
    const trial = await holding(desk, 'model:*#1 +100s = model/server-error')
    expect(trial.trace).toMatchObject({ claim: 'degraded', goal: true })
    expect(verdictOf(trial, 'falls-back-when-budget-spent').kind).toBe('held')
    const fates = appliedIn(trial).map((effect) => effect.split(' ')[0])
    expect(fates).toHaveLength(12)
    expect(fates.slice(-3)).toEqual(['answer', 'answer', 'answer'])
  })

  it('asks the model no more than its budget allows where it never comes back', async () => {
    const trial = await holding(desk, 'model:*#1.. = model/server-error')
    expect(trial.trace).toMatchObject({ claim: 'degraded', goal: true })
    expect(callsOf(trial, 'tool', 'escalate')).toBe(12)
    expect(trial.trace.spend.modelCalls).toBeLessThanOrEqual(14)
  })

  it('settles each ticket once though it crashes in between', async () => {
    const trial = await holding(desk, 'tool:answer#3 = process/crash; tool:answer#7 = process/crash(phase: "during")')
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect(appliedIn(trial)).toHaveLength(12)
  })

  it('drops no ticket though the model never gets to the point', async () => {
    for (const fault of ['looping', 'spiralling']) {
      const trial = await holding(desk, `model:*#1.. = model/${fault}`)
      expect(trial.trace).toMatchObject({ claim: 'degraded', goal: true })
    }
  })

  it('says so where there is nobody to hand a ticket to', async () => {
    const trial = await holding(desk, 'model:*#1.. = model/unavailable; tool:escalate#1.. = tool/unavailable')
    expect(trial.trace).toMatchObject({ claim: 'failure', goal: false })
  })
  it('takes no error for an answer that went out, nor for an escalation, however it comes', async () => {
    const plan = 'tool:answer#1..2 = tool/error-as-result; tool:answer#4.. = tool/unavailable'
    const trial = await holding(deceivable, `${plan}; tool:escalate#1 = tool/error-as-result(style: "isError")`)
    expect(trial.trace).toMatchObject({ claim: 'degraded', goal: true })
    expect(verdictOf(trial, 'deceptive-result-not-trusted').kind).toBe('held')
  })

  it('answers no other ticket, though an answer tells a credulous model to', async () => {
    const trial = await holding(deceivable, 'tool:*#1.. = tool/poisoned-result; model:*#1.. = model/credulous')
    expect(verdictOf(trial, 'instruction-not-obeyed')).toEqual({ kind: 'held' })
  })
})
