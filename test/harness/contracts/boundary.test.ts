/** Proves that questions to a boundary are answered whatever it is, be it one of a later version. */
import { describe, expect, it } from 'vitest'
import { type Boundary, boundaries } from '../../../faults/boundaries.js'
import * as questions from '../../../harness/contracts/boundary.js'

const { isAgentsOwn, isSpannedBy, laneOrder, onlyReads, spanTargetOf } = questions

/** As it stands in the report of a later version, or of a forger. */
const others = ['hologram', 'constructor', '__proto__'] as unknown as readonly Boundary[]

describe('a boundary', () => {
  it.each(others)('that is not known, such as %s, has no property', (boundary) => {
    const site = { boundary, target: 'a' }
    const { asksModel, runsTool, isChange, holdsChanges, isRemote, hasSpan, isInLedger } = questions
    for (const asks of [asksModel, runsTool, isChange, holdsChanges, isRemote, hasSpan, isInLedger, onlyReads]) {
      expect(asks(site)).toBe(false)
    }
  })

  it('has a lane of its own, or its place in the ledger', () => {
    const inLedger = boundaries.filter((boundary) => questions.isInLedger({ boundary }))
    expect([...laneOrder, ...inLedger].sort()).toEqual([...boundaries].sort())
  })
})

describe('a call', () => {
  it("is the agent's own unless it happens inside another, or is a change", () => {
    const call = (boundary: Boundary, parent: number | null) => isAgentsOwn({ site: { boundary }, parent })
    expect([call('tool', null), call('http', null), call('file', null)]).toEqual([true, true, true])
    expect([call('effect', null), call('http', 3)]).toEqual([false, false])
  })

  it('only reads where its request is safe by RFC 9110', () => {
    const reads = (target: string) => onlyReads({ boundary: 'http', target })
    expect(['GET a', 'HEAD a', 'OPTIONS a', 'TRACE a'].map(reads)).toEqual([true, true, true, true])
    expect(['POST a', 'PUT a', 'DELETE a', 'GETS a'].map(reads)).toEqual([false, false, false, false])
    expect(onlyReads({ boundary: 'tool', target: 'GET a' })).toBe(false)
  })
})

describe('a span', () => {
  it('is about a call of the boundary that has its operation', () => {
    const about = (operation: string) => boundaries.filter((boundary) => isSpannedBy({ boundary }, operation))
    expect([about('chat'), about('execute_tool'), about('invoke_agent')]).toEqual([['model'], ['tool'], []])
  })

  it('names the model or the tool in the attribute of the conventions', () => {
    expect(['chat', 'execute_tool', 'invoke_agent'].map(spanTargetOf)).toEqual([
      'gen_ai.request.model',
      'gen_ai.tool.name',
      undefined,
    ])
  })
})
