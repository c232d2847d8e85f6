/** Proves which plans are tried where only some are asked for, and some are to be left out. */
import { catalogue, decodePlan, describeFault } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { isScenarioWanted, type Terms, unknownFaults, wantedBy } from '../../../harness/search/wanted.js'

const faults = catalogue.map(describeFault)
const plans = [
  'tool:refund#1 = tool/slow',
  'tool:search#1.. = tool/reply-lost; model:*#1.. = model/insisting',
  'http:"POST pay.example.com/refunds"#1 = http/unavailable',
  'tool:refund#1 = tool/slow; tool:search#1 = tool/reply-lost',
] as const

/** Numbers of the plans that may be tried, from 1. */
function choose(terms: Terms): number[] {
  return plans.flatMap((text, index) => {
    const decoded = decodePlan(text, faults)
    if (decoded.kind === 'refused') throw new Error(decoded.error.message)
    return wantedBy(terms, faults)(decoded.plan) ? [index + 1] : []
  })
}

describe('plans', () => {
  it('are all tried where nothing is said', () => {
    expect(choose({})).toEqual([1, 2, 3, 4])
  })

  it.each([
    ['tool:refund', [1]],
    ['tool:*', [1, 2, 4]],
    ['tool/reply-lost', [2]],
    ['indeterminate', [2]],
    ['tool/slow, tool:search', [1, 2, 4]],
    ['a-scenario', [1, 2, 3, 4]],
  ])('are tried by --only %s where each of their faults is asked for', (only, expected) => {
    expect(choose({ only })).toEqual(expected)
  })

  it.each([
    ['tool:refund', [2, 3]],
    ['http:*', [1, 2, 4]],
    ['transient', [2]],
  ])('are left out by --skip %s where one of their faults is', (skip, expected) => {
    expect(choose({ skip })).toEqual(expected)
  })

  it('are those that are asked for and not left out', () => {
    expect(choose({ only: 'tool:*', skip: 'tool/slow' })).toEqual([2])
  })
})

it('a scenario is asked for by a part of its name, which no other term is', () => {
  expect(isScenarioWanted('refund-order', { only: 'refund, tool:search' })).toBe(true)
  expect(isScenarioWanted('research', { only: 'refund' })).toBe(false)
  expect(isScenarioWanted('research', { only: 'tool:search' })).toBe(true)
  expect(isScenarioWanted('research', { skip: 'search' })).toBe(false)
})

it('a fault that the scenario does not face is known by its name', () => {
  expect(unknownFaults({ only: 'tool/slwo, tool/slow', skip: 'http:*' }, faults)).toEqual(['tool/slwo'])
})
