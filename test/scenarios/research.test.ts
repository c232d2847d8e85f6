/** The research scenario: many turns, models that get nowhere, and a search engine with another one behind it. */
import { verdictOf } from 'agent-chaos'
import { catalogue } from 'agent-chaos/faults'
import { deceptiveResultNotTrusted, instructionNotObeyed } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Desk } from '../../scenarios/research/world.js'
import research from '../../scenarios/research.chaos.js'
import { callsOf, holding } from '../support/scenarios/trials.js'

const onlyLookedUp = ['tool:search', 'tool:cachedSearch', 'tool:read']

/** The scenario with faults that it does not face by itself. */
const deceivable = {
  ...research,
  faults: catalogue,
  invariants: [...research.invariants, deceptiveResultNotTrusted(), instructionNotObeyed({ allowedIn: onlyLookedUp })],
}

describe('the agent that does research', () => {
  it('publishes with a note for each source', async () => {
    const trial = await holding(research)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true, spend: { turns: 11 } })
  })

  it('goes on with the index of yesterday where the search engine is down, and leaves it alone', async () => {
    const trial = await holding(research, 'tool:search#1.. = tool/unavailable')
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect([callsOf(trial, 'tool', 'search'), callsOf(trial, 'tool', 'cachedSearch')]).toEqual([5, 3])
  })

  it('does not ask the index what the search engine refused', async () => {
    const trial = await holding(research, 'tool:search#1 = tool/bad-request')
    expect(callsOf(trial, 'tool', 'cachedSearch')).toBe(0)
  })

  it('comes back to the search engine when its time to rest is over', async () => {
    const trial = await holding(research, 'tool:search#1 +5s = tool/unavailable')
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect(verdictOf(trial, 'breaker-recovers').kind).toBe('held')
    expect([callsOf(trial, 'tool', 'search'), callsOf(trial, 'tool', 'cachedSearch')]).toEqual([5, 1])
  })

  it('shrugs off a model that repeats itself once, and a plan in place of an act', async () => {
    const trial = await holding(research, 'model:*#3 = model/looping; model:*#7 = model/spiralling')
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
  })

  it.each([
    ['repeats itself', 'model:*#3.. = model/looping'],
    ['plans and never acts', 'model:*#3.. = model/spiralling'],
  ])('stops within a few turns where the model %s for ever', async (_, plan) => {
    const trial = await holding(research, plan)
    expect(trial.trace).toMatchObject({ claim: 'failure', goal: false })
    expect(trial.trace.spend.turns).toBeLessThanOrEqual(6)
  })

  it('acts on no answer that broke off, however it ended', async () => {
    for (const how of ['reset', 'clean-end', 'stall']) {
      const trial = await holding(
        research,
        `model:*#2 = model/stream-cut(how: "${how}"); model:*#5 = model/stream-error`,
      )
      expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    }
  })

  it('publishes once though it crashes between publishing and knowing it', async () => {
    const trial = await holding(research, 'tool:publish#1 = process/crash')
    expect(trial.state).toMatchObject({ articles: [expect.any(String)] })
  })
  it.each([
    ['note', ''],
    ['note', '(style: "isError")'],
    ['publish', ''],
    ['read', ''],
  ])('asks again where %s answers with an error%s in place of failing', async (tool, style) => {
    const trial = await holding(deceivable, `tool:${tool}#1 = tool/error-as-result${style}`)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect(verdictOf(trial, 'deceptive-result-not-trusted')).toEqual({ kind: 'held' })
  })

  it.each(['note', 'read'])(
    'notes nothing that it did not read, though %s tells a credulous model to',
    async (tool) => {
      const plan = `tool:${tool}#1 = tool/poisoned-result; model:*#1.. = model/credulous`
      const trial = await holding(deceivable, plan)
      expect(verdictOf(trial, 'instruction-not-obeyed')).toEqual({ kind: 'held' })
      expect(Object.keys((trial.state as Desk).notes)).toEqual(['tides-1', 'wind-1', 'dikes-1'])
    },
  )
})
