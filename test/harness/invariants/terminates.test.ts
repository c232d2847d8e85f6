/** Proves what `terminates` says of every way in which a trial can end. */
import { terminates } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { End } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (end: End) => terminates().check(new TraceBuilder().turn().build({ end }), undefined)

describe('terminates', () => {
  it.each<End>([{ kind: 'returned' }, { kind: 'threw' }, { kind: 'exited', code: 3 }, { kind: 'crashed' }])(
    'is held by an agent that comes to an end: %j',
    (end) => {
      expect(judge(end)).toEqual({ kind: 'held' })
    },
  )

  it.each<[End, string, RegExp]>([
    [{ kind: 'deadlock' }, 'deadlock', /will never come/],
    [{ kind: 'horizon' }, 'horizon', /ten times its budget/],
    [{ kind: 'killed', why: 'unresponsive' }, 'killed:unresponsive', /never gave the processor back/],
    [{ kind: 'killed', why: 'blocked' }, 'killed:unresponsive', /blocked its process/],
    [{ kind: 'killed', why: 'overlong' }, 'horizon', /ten times the real time/],
    [{ kind: 'killed', why: 'memory' }, 'killed:memory', /more memory/],
    [{ kind: 'killed', why: 'died' }, 'killed:died', /process .* died/],
  ])('is violated by %j, with a signature of its own and the end as evidence', (end, signature, story) => {
    const verdict = judge(end)
    expect(verdict).toMatchObject({ kind: 'violated', signature, evidence: [2] })
    expect(verdict).toHaveProperty('story', expect.stringMatching(story))
  })

  it.each(['starved', 'unknown'] as const)('is inconclusive where it was %s, for nobody knows the end', (why) => {
    expect(judge({ kind: 'killed', why })).toEqual({
      kind: 'inconclusive',
      because: expect.stringMatching(/ended at the limit of real time/),
    })
  })

  it('is inconclusive where real work was still in flight, for that is no fault of the agent', () => {
    expect(judge({ kind: 'stuck', resources: ['TCPSocketWrap'] })).toEqual({
      kind: 'inconclusive',
      because: "real work was still in flight at the watchdog's limit: TCPSocketWrap",
    })
  })
})
