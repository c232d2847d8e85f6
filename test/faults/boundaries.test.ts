/** Proves what the table of boundaries promises to those who plan: what strikes everywhere, and what does not compile. */
import { describe, expect, it } from 'vitest'
import { boundaries, boundaryTable } from '../../faults/boundaries.js'
import { defineFault } from '../../faults/fault.js'

const meta = { name: 'own/odd', summary: 'It is odd.', class: 'transient', params: {} } as const

describe('a boundary', () => {
  it.each(boundaries)('carries what happens to the caller, as %s does', (boundary) => {
    expect(boundaryTable[boundary].actions).toEqual(expect.arrayContaining(['delay', 'clock-jump', 'cancel', 'crash']))
  })

  it.each(boundaries)('names each action once, as %s does', (boundary) => {
    const { actions } = boundaryTable[boundary]
    expect(actions).toEqual([...new Set(actions)])
  })
})

describe('a fault', () => {
  it('of several boundaries asks only for what each of them carries out', () => {
    const again = { kind: 'repeat', times: 1, gapMs: 0 } as const
    expect(defineFault({ ...meta, boundaries: ['tool', 'http'], action: () => again }).actions).toEqual(['repeat'])
    // @ts-expect-error A model is asked once.
    defineFault({ ...meta, boundaries: ['tool', 'model'], action: () => again })
  })

  it('has a boundary', () => {
    // @ts-expect-error It would strike nothing.
    expect(defineFault({ ...meta, boundaries: [], action: () => ({ kind: 'delay', ms: 1 }) }).boundaries).toEqual([])
  })
})
