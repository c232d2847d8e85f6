/** That a conversation is judged by all of it, though only what is new is looked at. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Block, Message } from '../../../../harness/contracts/conversation.js'
import { Pairing } from '../../../../harness/providers/anthropic/pairing.js'

const id = fc.constantFrom('a', 'b', 'c')
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: fc.constant('so') }),
  fc.record({ kind: fc.constant('tool-call' as const), id, name: fc.constant('pay'), input: fc.constant({}) }),
  fc.record({ kind: fc.constant('tool-result' as const), id, failed: fc.boolean(), text: fc.constant('done') }),
)
/** One turn of the model's and what answers it, mostly right: a call that is callAndResult at once. */
const turn: fc.Arbitrary<readonly Message[]> = fc.oneof(
  { arbitrary: id.map(callAndResult), weight: 3 },
  fc
    .tuple(fc.array(block, { minLength: 1, maxLength: 3 }), fc.array(block, { minLength: 1, maxLength: 3 }))
    .map(([said, results]): readonly Message[] => [
      { role: 'assistant', blocks: said },
      { role: 'user', blocks: results },
    ]),
)

function callAndResult(id: string): readonly Message[] {
  return [
    { role: 'assistant', blocks: [{ kind: 'tool-call', id, name: 'pay', input: {} }] },
    { role: 'user', blocks: [{ kind: 'tool-result', id, failed: false, text: 'done' }] },
  ]
}

function verdictOf(pairing: Pairing, messages: readonly Message[]): string {
  try {
    pairing.check(messages)
    return 'right'
  } catch (error) {
    return error instanceof Error ? error.message : 'no error'
  }
}

it('is what a first look comes to, whatever was looked at before', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(fc.tuple(turn, fc.nat(3)), { minLength: 1, maxLength: 8 }), (turns) => {
      const pairing = new Pairing()
      let messages: readonly Message[] = [{ role: 'user', blocks: [{ kind: 'text', text: 'Pay.' }] }]
      for (const [added, droppedEnd] of turns) {
        // An agent may go on, or go back and take another way.
        messages = [...messages.slice(0, Math.max(1, messages.length - 2 * (droppedEnd % 2))), ...added]
        const verdict = verdictOf(pairing, messages)
        expect(verdict).toBe(verdictOf(new Pairing(), messages))
        // A request is made again as it was.
        expect(verdictOf(pairing, messages)).toBe(verdict)
        seen.add(verdict === 'right' ? 'right' : 'wrong')
      }
    }),
    { seed: 1, numRuns: 300 },
  )
  expect([...seen].sort()).toEqual(['right', 'wrong'])
})
