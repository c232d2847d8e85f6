/** Proves that an agent may have two vendors: faults strike the models of one, and the other takes the conversation over. */
import { assertResilient, runTrial } from 'agent-chaos'
import { describe, expect, it, vi } from 'vitest'
import scenario from '../fixtures/fallback/fallback.js'
import { fallingBack } from '../fixtures/fallback/streamed.js'
import type { Carry, VendorName } from '../fixtures/fallback/vendors.js'
import { withstandPlans } from '../support/scenarios/trials.js'

async function modelsUnder(plan: string) {
  const trial = await runTrial(scenario, { plan })
  const asked = trial.trace.events.flatMap((event) =>
    event.kind === 'call' && event.request.kind === 'model' ? [event.request.provider] : [],
  )
  return { trial, asked }
}

describe('an agent that falls back on another vendor', () => {
  it('asks one vendor alone where nothing is wrong', async () => {
    const { trial, asked } = await modelsUnder('')
    expect([trial.trace.goal, asked]).toEqual([true, ['openai', 'openai']])
  })

  it('goes on with the other, in its form, from the turn at which the first is gone', async () => {
    const { trial, asked } = await modelsUnder('model:openai/*#2.. = model/unavailable')
    expect(trial.trace.goal).toBe(true)
    expect(asked).toEqual(['openai', 'openai', 'openai', 'anthropic'])
    expect(trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
  })

  it('meets no fault of the vendor that it does not ask', async () => {
    const { trial, asked } = await modelsUnder('model:anthropic/*#1.. = model/unavailable')
    expect(asked).toEqual(['openai', 'openai'])
    expect(trial.faults.map(({ status }) => status)).toEqual(['planned'])
  })

  it('fails where both are gone', async () => {
    const { trial } = await modelsUnder(
      'model:openai/*#1.. = model/unavailable; model:anthropic/*#1.. = model/overloaded',
    )
    expect(trial.trace.claim).toBe('failure')
  })

  it('withstands what a search by default brings', async () => {
    await expect(assertResilient(scenario, { trialsMax: 200 })).resolves.toBeUndefined()
  })
})

vi.spyOn(console, 'warn').mockImplementation(() => {})

const pairs = (['anthropic', 'openai', 'gemini'] as const).flatMap((first, _, all) =>
  all.filter((second) => second !== first).map((second) => [first, second] as const),
)
/** How the second answer of the first vendor breaks off. */
const breaks = [
  'model/stream-cut(at: 0.6)',
  'model/stream-cut(how: "clean-end", place: "before-stop")',
  'model/stream-cut(how: "stall", place: "before-content")',
  'model/stream-error(at: 0.6)',
  'model/max-tokens(in: "call")',
]

/** What comes of a fault that strikes the second answer of the first vendor. */
async function falling(order: readonly [VendorName, VendorName], fault: string, carry: Carry = 'plainly') {
  const trial = await runTrial(fallingBack(order, carry), { plan: `model:${order[0]}/*#2 = ${fault}` })
  expect(trial.faults.map(({ status }) => status)).toEqual(['landed'])
  const violated = trial.judgements.flatMap(({ invariant, verdict }) =>
    verdict.kind === 'violated' ? [`${invariant}: ${verdict.story}`] : [],
  )
  return { claim: trial.trace.claim, goal: trial.trace.goal, violated }
}

describe.each(pairs)('an agent that falls back from %s on %s in the middle of a stream', (first, second) => {
  it.each(breaks)('reaches its goal where it hands over calls and results alone: %s', async (fault) => {
    expect(await falling([first, second], fault)).toEqual({ claim: 'success', goal: true, violated: [] })
  })

  it.each(breaks)('is refused as by the real API where it hands over what the other had sealed: %s', async (fault) => {
    const { claim, violated } = await falling([first, second], fault, 'with-seal')
    const refusals = {
      anthropic: /Invalid `signature` in `thinking` block/,
      openai: /The encrypted content .* could not be verified/,
      gemini: /Corrupted thought signature|thought_signature/,
    }
    expect([claim, violated]).toEqual(['failure', [expect.stringMatching(refusals[second])]])
    expect(violated[0]).toMatch(/^transcript-well-formed: /)
  })
})

describe.each([[['anthropic', 'openai']], [['openai', 'gemini']], [['gemini', 'anthropic']]] as const)(
  'an agent that falls back along %j',
  (order) => {
    it('withstands what a search by default brings', async () => {
      await expect(assertResilient(fallingBack(order), { trialsMax: 200 })).resolves.toBeUndefined()
    })

    it('violates nothing under random plans', async () => {
      await withstandPlans(fallingBack(order), 20)
    })

    it('is found by that search where it hands over what the other had sealed', async () => {
      await expect(assertResilient(fallingBack(order, 'with-seal'))).rejects.toThrow('transcript-well-formed')
    })
  },
)
