/** Proves that what was begun must be undone where the agent fails, and that nobody is blamed for being kept from it. */
import { type CompensationOptions, compensates } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Claim, Intent } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const pairs: CompensationOptions['pairs'] = { reserve: 'release' }

const judge = (trace: TraceBuilder, intents: readonly Intent[] | null = null, given = pairs) =>
  compensates({ pairs: given }).check(trace.build({ intents }), undefined)

/** A tool call that makes one effect, named as the tool. */
function makes(kind: string, trace = new TraceBuilder(), intent = '42'): TraceBuilder {
  const parent = trace.call(`tool:${kind}`, { input: intent })
  const crossing = trace.call(`effect:${kind}`, { parent, input: intent })
  return trace.effect(crossing, { kind, intent }).ok(crossing).ok(parent)
}

describe('an agent that ends without success', () => {
  it.each<Claim>(['failure', 'rolled-back'])('is violated where it left what it had changed: %s', (claim) => {
    expect(judge(makes('reserve').claim(claim))).toEqual({
      kind: 'violated',
      signature: 'left:reserve',
      story: '"reserve 42" took effect, the agent ended without success, and no "release" undid it.',
      evidence: [2, 5],
    })
  })

  it('is held where it undid it', () => {
    expect(judge(makes('release', makes('reserve')).claim('failure'))).toEqual({ kind: 'held' })
  })

  it('must undo each, and what it did again after undoing it', () => {
    expect(judge(makes('release', makes('reserve', makes('reserve'), '43'), '43').claim('failure'))).toMatchObject({
      kind: 'violated',
    })
    expect(judge(makes('reserve', makes('release', makes('reserve'))).claim('failure'))).toMatchObject({
      kind: 'violated',
    })
  })

  it('must undo what may have happened, though nobody told it so', () => {
    const trace = new TraceBuilder()
    const crossing = trace.call('effect:reserve')
    trace.effect(crossing, { kind: 'reserve' }).fail(crossing, 'indeterminate')
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('is held where it undid it before it took effect, late', () => {
    const trace = new TraceBuilder()
    const late = trace.call('effect:reserve')
    trace.fail(late, 'indeterminate')
    makes('release', trace).claim('failure').effect(late, { kind: 'reserve' })
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('is held where it undid it before a slow tool, which it had given up, came to make it', () => {
    const trace = new TraceBuilder()
    const slow = trace.call('tool:reserve')
    makes('release', trace)
    const parent = { parent: slow }
    const late = trace.call('effect:reserve', parent)
    trace.effect(late, { kind: 'reserve' }).ok(late).ok(slow)
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
  })

  it('must undo it after a restart too', () => {
    expect(judge(makes('reserve').restart().claim('failure'))).toMatchObject({ kind: 'violated' })
    expect(judge(makes('release', makes('reserve').restart()).claim('failure'))).toEqual({ kind: 'held' })
  })

  it('is not judged where its last try to undo it failed', () => {
    const trace = makes('reserve')
    trace.strike('tool:release', 'transient')
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'vacuous', because: 'the agent was kept from undoing it' })
  })

  it('is not judged where its try to undo another change, which comes first, failed', () => {
    const trace = makes('book', makes('reserve'))
    trace.strike('effect:cancel', 'transient')
    expect(judge(trace.claim('failure'), null, { ...pairs, book: 'cancel' })).toMatchObject({ kind: 'vacuous' })
  })

  it('is judged where something else failed at the last', () => {
    const trace = makes('reserve')
    trace.strike('tool:charge', 'definite')
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
  })

  it('is known by the site that the scenario names where it asks for undoing under another name', () => {
    const trace = makes('reserve')
    trace.strike('tool:cancel-booking', 'transient')
    const named = { reserve: { kind: 'release', via: 'tool:cancel-*' } }
    expect(judge(trace.claim('failure'))).toMatchObject({ kind: 'violated' })
    expect(judge(trace, null, named)).toMatchObject({ kind: 'vacuous' })
  })

  it('is not judged where it was deceived', () => {
    const trace = makes('reserve')
    const crossing = trace.call('tool:release')
    trace.fault(crossing, 'deceptive').ok(crossing).claim('failure')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})

describe('an agent that claims success', () => {
  const intents = [{ kind: 'reserve', id: '42' }]

  it('is vacuous where nothing was undone', () => {
    expect(judge(makes('reserve').claim('success'), intents)).toEqual({
      kind: 'vacuous',
      because: 'nothing had to be undone',
    })
  })

  it('is violated where what the task calls for was undone', () => {
    expect(judge(makes('release', makes('reserve')).claim('success'), intents)).toEqual({
      kind: 'violated',
      signature: 'undone:reserve',
      story: 'The agent claims success, and "reserve 42" was undone by "release".',
      evidence: [7, 10],
    })
  })

  it('is held where it did it again, or undid another way that it had tried', () => {
    expect(judge(makes('reserve', makes('release', makes('reserve'))).claim('success'), intents)).toEqual({
      kind: 'held',
    })
    const other = makes('release', makes('reserve', makes('reserve'), '7'), '7')
    expect(judge(other.claim('success'), intents)).toEqual({ kind: 'held' })
  })
})

describe('compensates', () => {
  it('is vacuous where no kinds are paired, nothing of them took effect, or it was refused', () => {
    expect(judge(makes('reserve').claim('failure'), null, {})).toMatchObject({ kind: 'vacuous' })
    expect(judge(makes('email').claim('failure'))).toMatchObject({ kind: 'vacuous' })
    const refused = new TraceBuilder()
    refused.effect(refused.call('effect:reserve'), { kind: 'reserve', status: 'refused' })
    expect(judge(refused.claim('failure'))).toEqual({
      kind: 'vacuous',
      because: 'nothing that can be undone took effect',
    })
  })

  it('is vacuous where the agent never answered, a crash loop included, or delivered a part', () => {
    expect(judge(makes('reserve'))).toMatchObject({ kind: 'vacuous', because: 'the agent never answered' })
    expect(judge(makes('reserve').claim('degraded'))).toMatchObject({ kind: 'vacuous' })
  })
})
