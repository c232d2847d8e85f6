/** Weakening: what is offered, in which order, and that it ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, decodePlan, encodePlan, type Injection } from '../../../faults/index.js'
import { encodeInjection } from '../../../faults/plan/notation.js'
import { milderPlans } from '../../../faults/plan/weaken.js'
import { knownFaults, validInjection } from '../../support/faults/valid-plans.js'

function milder(text: string): string[] {
  const decoded = decodePlan(text, catalogue)
  if (decoded.kind === 'refused') throw new Error(decoded.error.message)
  return decoded.plan.flatMap((injection) => milderPlans(injection, catalogue)).map(encodeInjection)
}

/** What weakening makes smaller: no part ever grows, and one falls. */
function measure({ sites, when, faults }: Injection): number[] {
  const given = faults.flatMap(({ params }) => Object.keys(params)).length
  const breadth = [sites.length, faults.length, given]
  switch (when.kind) {
    case 'span':
      return [0, when.to - when.from, when.attempt === 'every' ? 1 : 0, ...breadth]
    case 'outage':
      return [1, when.ms, 1, ...breadth]
    case 'series':
      return [1, when.count ?? Number.POSITIVE_INFINITY, 1, ...breadth]
    case 'onward':
      return [2, Number.POSITIVE_INFINITY, 1, ...breadth]
    case 'window':
      return [1, when.toMs === null ? Number.POSITIVE_INFINITY : when.toMs - when.fromMs, 1, ...breadth]
  }
}

describe('milderPlans', () => {
  it('tries an endless span once, then at every attempt of a few occurrences, then for a while', () => {
    expect(milder('tool:a#2.. = tool/unavailable')).toEqual([
      'tool:a#2 = tool/unavailable',
      'tool:a#2.* = tool/unavailable',
      'tool:a#2..3.* = tool/unavailable',
      'tool:a#2..5.* = tool/unavailable',
      'tool:a#2..9.* = tool/unavailable',
      'tool:a#2 +30s = tool/unavailable',
    ])
  })

  it('makes a series a single crossing or fewer, and ends what goes on', () => {
    expect(milder('tool:a#2 x5 = tool/unavailable')).toEqual([
      'tool:a#2 = tool/unavailable',
      'tool:a#2 x2 = tool/unavailable',
      'tool:a#2 x4 = tool/unavailable',
    ])
    expect(milder('tool:a#2../2 = tool/unavailable')).toEqual([
      'tool:a#2 = tool/unavailable',
      'tool:a#2 x2/2 = tool/unavailable',
      'tool:a#2 x4/2 = tool/unavailable',
      'tool:a#2 x8/2 = tool/unavailable',
    ])
  })

  it('makes an outage a single crossing or shorter', () => {
    expect(milder('tool:a#2 +30s = tool/unavailable')).toEqual([
      'tool:a#2 = tool/unavailable',
      'tool:a#2 +1s = tool/unavailable',
      'tool:a#2 +5s = tool/unavailable',
      'tool:a#2 +10s = tool/unavailable',
      'tool:a#2 +15s = tool/unavailable',
    ])
  })

  it('shrinks a span from both ends, and every attempt to the first', () => {
    expect(milder('tool:a#2..5.* = tool/unavailable')).toEqual([
      'tool:a#2..5 = tool/unavailable',
      'tool:a#2.* = tool/unavailable',
      'tool:a#2..3.* = tool/unavailable',
      'tool:a#2..4.* = tool/unavailable',
      'tool:a#5.* = tool/unavailable',
      'tool:a#4..5.* = tool/unavailable',
      'tool:a#3..5.* = tool/unavailable',
    ])
  })

  it('closes a window, then shortens it from both ends', () => {
    expect(milder('tool:a @10s.. = tool/unavailable')).toContain('tool:a @10s..40s = tool/unavailable')
    expect(milder('tool:a @10s..14s = tool/unavailable')).toEqual([
      'tool:a @10s..11s = tool/unavailable',
      'tool:a @10s..12s = tool/unavailable',
      'tool:a @12s..14s = tool/unavailable',
    ])
  })

  it('takes away faults and sites, but no site that a fault needs', () => {
    expect(milder('{model:*, tool:*} @1s..1001ms = model/timeout, tool/not-run')).toEqual([
      '{model:*, tool:*} @1s..1001ms = model/timeout',
      '{model:*, tool:*} @1s..1001ms = tool/not-run',
    ])
    expect(milder('{model:*, tool:*} @1s..1001ms = model/timeout')).toEqual(['model:* @1s..1001ms = model/timeout'])
  })

  it('leaves a parameter out before it tries milder values of it', () => {
    expect(milder('tool:a#1 = tool/duplicate(times: 4)')).toEqual([
      'tool:a#1 = tool/duplicate',
      'tool:a#1 = tool/duplicate(times: 1)',
      'tool:a#1 = tool/duplicate(times: 2)',
      'tool:a#1 = tool/duplicate(times: 3)',
    ])
  })

  it('has nothing milder than one fault, once, with its defaults', () => {
    expect(milder('tool:a#3 = tool/reply-lost')).toEqual([])
  })

  it('offers only what can be planned, and nothing that is harsher in any part', () => {
    fc.assert(
      fc.property(validInjection, (injection) => {
        for (const candidate of milderPlans(injection, knownFaults)) {
          expect(decodePlan(encodePlan([candidate]), knownFaults)).toEqual({ kind: 'plan', plan: [candidate] })
          const [now, then] = [measure(candidate), measure(injection)]
          expect(now.every((part, index) => part <= (then[index] ?? 0))).toBe(true)
          expect(candidate).not.toEqual(injection)
        }
      }),
    )
  })

  it('ends, however its steps are chosen, and the steps on offer stay few', () => {
    fc.assert(
      fc.property(validInjection, fc.infiniteStream(fc.nat(1000)), (injection, choices) => {
        let steps = 0
        let candidates = milderPlans(injection, knownFaults)
        for (const choice of choices) {
          if (candidates.length === 0) break
          expect(candidates.length).toBeLessThan(100)
          const chosen = candidates[choice % candidates.length]
          candidates = chosen === undefined ? [] : milderPlans(chosen, knownFaults)
          steps += 1
          expect(steps).toBeLessThan(1000)
        }
      }),
    )
  })

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(validInjection, (injection) => {
        const before = structuredClone(injection)
        milderPlans(injection, knownFaults)
        expect(injection).toEqual(before)
      }),
    )
  })
})
