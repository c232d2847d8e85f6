/** What holds between plans and their text, whatever the plan and whatever the text. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decoded, decodePlan, encodePlan, type Plan } from '../../faults/index.js'
import { planArbitrary } from '../../faults/plan/arbitrary.js'
import { encodeInjection } from '../../faults/plan/notation.js'
import { knownFaults, oddText, validPlan } from '../support/faults/valid-plans.js'

const decode = (text: string): Decoded => decodePlan(text, knownFaults)

const worthATrial = planArbitrary(
  [
    { address: { site: { boundary: 'tool', target: 'refund' }, occurrence: 1, attempt: 1 }, traits: [] },
    {
      address: { site: { boundary: 'model', target: 'claude-opus-5-5' }, occurrence: 4, attempt: 2 },
      traits: ['stream'],
    },
    { address: { site: { boundary: 'effect', target: 'charge card' }, occurrence: 2, attempt: 1 }, traits: ['steps'] },
  ],
  knownFaults,
)
const anyPlan: fc.Arbitrary<Plan> = fc.oneof(worthATrial, validPlan)

const tokens = [
  'tool',
  'model',
  ':',
  'refund',
  '*',
  '"a b"',
  '#',
  '1',
  '2',
  '..',
  '.',
  '.*',
  '+',
  '30s',
  '5',
  'ms',
  '@',
  'x2',
  '/2',
]
const more = [
  '0s',
  '{',
  '}',
  '(',
  ')',
  ',',
  '=',
  ';',
  '\n',
  ' ',
  ' // x',
  'tool/reply-lost',
  'tool/duplicate',
  'times',
  '[',
  ']',
]
const tokenSoup = fc
  .array(fc.constantFrom(...tokens, ...more, '"', '\\', '-1', 'null', '1e999', '\r\n'))
  .map((all) => all.join(''))

/** A valid text with a piece cut out, a piece put in, or both. */
const damaged = fc
  .tuple(anyPlan, fc.nat(), fc.nat(6), fc.oneof(fc.constantFrom(...tokens, ...more), oddText))
  .map(([plan, start, length, piece]) => {
    const text = encodePlan(plan)
    const at = start % (text.length + 1)
    return text.slice(0, at) + piece + text.slice(at + length)
  })
const anyText = fc.oneof(fc.string({ unit: 'binary' }), oddText, tokenSoup, damaged)

describe('the notation of plans', () => {
  it('reads back every plan that it prints', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(decode(encodePlan(plan))).toEqual({ kind: 'plan', plan })
      }),
      { numRuns: 2000 },
    )
  })

  it('prints on one line, with nothing in it that cannot be seen', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(encodePlan(plan)).not.toMatch(/(?! )[\p{C}\p{Z}]/u)
      }),
    )
  })

  it('has one form for one plan', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const text = encodePlan(plan)
        const decoded = decode(text)
        expect(decoded.kind === 'plan' && encodePlan(decoded.plan)).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads injections on lines of their own, with comments, as it reads them on one line', () => {
    const apart = fc.constantFrom('\n', '\r\n', '\r', ' ; ', ';\n', ' // "why" = {\n', '\n// tool:x#1 = \n\n')
    fc.assert(
      fc.property(anyPlan, apart, (plan, separator) => {
        expect(decode(`${separator}${plan.map(encodeInjection).join(separator)}${separator}`)).toEqual({
          kind: 'plan',
          plan,
        })
      }),
    )
  })

  it('either reads a text as a plan that survives printing, or says where it is wrong; it never throws', () => {
    const seen = { plan: 0, refused: 0 }
    fc.assert(
      fc.property(anyText, (text) => {
        const decoded = decode(text)
        seen[decoded.kind] += 1
        if (decoded.kind === 'plan') expect(decode(encodePlan(decoded.plan))).toEqual(decoded)
        else expectPosition(text, decoded)
      }),
      { numRuns: 4000 },
    )
    expect(Math.min(seen.plan, seen.refused)).toBeGreaterThan(100)
  })
})

function expectPosition(text: string, { error }: Extract<Decoded, { kind: 'refused' }>): void {
  expect(error.message).toMatch(/^expected .+, got /s)
  expect(error.offset).toBeGreaterThanOrEqual(0)
  expect(error.offset).toBeLessThanOrEqual(text.length)
  const lines = text.slice(0, error.offset).split(/\r\n|\r|\n/)
  expect([error.line, error.column]).toEqual([lines.length, (lines.at(-1) ?? '').length + 1])
}
