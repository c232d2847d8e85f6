/** Proves that what trials show of breakers is added up over the search, and told once and in words. */
import { describe, expect, it } from 'vitest'
import type { BreakerRemarks } from '../../../harness/contracts/breaker.js'
import { BreakerTally, breakerNotes } from '../../../harness/search/breakers.js'

const nothing: BreakerRemarks = { site: 'tool:search', triesAtMost: 1, statusesCounted: [] }

describe('the notes of a search', () => {
  const notes = (...trials: readonly (readonly BreakerRemarks[] | undefined)[]) => {
    const tally = new BreakerTally()
    for (const [index, breakers] of trials.entries()) tally.add(index, breakers ? { breakers } : {})
    return breakerNotes(tally.breakers())
  }

  it('add up what its trials saw, and tell each thing once', () => {
    const retried = { ...nothing, triesAtMost: 3 }
    const [first, second] = [
      { ...nothing, statusesCounted: [422], volume: { seen: 4, needed: 20, withinMs: 10_000 } },
      { ...nothing, triesAtMost: 2, statusesCounted: [400], volume: { seen: 7, needed: 20, withinMs: 10_000 } },
    ]
    expect(notes([first], undefined, [second], [retried])).toEqual([
      'the breaker before tool:search has retries inside: 3 tries at one call were one outcome to it, so it opens later ' +
        'than it is set to',
      'the breaker before tool:search counts 400, 422 as failures: mistakes of the caller can open it',
      'the breaker before tool:search never can open: it needs 20 calls within 10 s, and never saw more than 7',
    ])
  })

  it('say nothing where there is nothing to say', () => {
    expect(notes(undefined, [nothing], [{ ...nothing, volume: { seen: 3, needed: 3 } }])).toEqual([])
    expect(
      notes([{ ...nothing, volume: { seen: 1, needed: 3 } }], [{ ...nothing, volume: { seen: 3, needed: 3 } }]),
    ).toEqual([])
  })
})
