/** Proves that what could not be tested for want of tools says so, with what to do, and only then. */
import { breakerTrips, makesProgress, toolErrorsStructured, withinBudget } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Invariant } from '../../../../harness/contracts/invariant.js'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

const remedy = ', and the agent runs its tools where they are not seen; pass them through `instrument`'

const cases: readonly (readonly [string, Invariant])[] = [
  ['no failure of a tool was told to the model', toolErrorsStructured()],
  ['no call gave the same answer so often', makesProgress()],
  ['no limit was reached: 3 failed tool calls', breakerTrips({ afterToolFailures: 3 })],
  ['no limit was reached: 9 tool calls', withinBudget({ toolCalls: 9 })],
]

/** The model asks for a tool, and what the agent does for it is seen at that site. */
function askFor(site: string): TraceBuilder {
  const trace = new TraceBuilder()
  trace.reply(trace.call('model:m'), '', { toolCalls: ['pay {}'] })
  return trace.ok(trace.call(site)).claim('success')
}

describe('an invariant about tools', () => {
  it.each(cases)('says what to do where the agent runs them unseen: %s', (because, invariant) => {
    const verdict = invariant.check(askFor('http:POST pay.example.com/refunds').build(), undefined)
    expect(verdict).toEqual({ kind: 'vacuous', because: because + remedy })
  })

  it.each(cases)('says nothing of that where one is seen, or none is asked for: %s', (because, invariant) => {
    for (const trace of [askFor('tool:pay'), new TraceBuilder().turn()]) {
      const verdict = invariant.check(trace.build(), undefined)
      // How far it got is for another test.
      const said = verdict.kind === 'vacuous' && verdict.because.replace(/ \(it got to \d+\)/, '')
      expect(said).toBe(because)
    }
  })

  it('says nothing of tools that asks about turns alone', () => {
    const verdict = breakerTrips({ turns: 3 }).check(askFor('http:POST pay/refunds').build(), undefined)
    expect(verdict).toMatchObject({ kind: 'vacuous', because: 'no limit was reached: 3 turns (it got to 1)' })
  })
})
