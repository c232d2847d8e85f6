/** Proves that a retry is held to the server's advice in full, to no storm without one, and only where it is one. */
import { type BackoffOptions, backoffRespected } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { ErrorFacts } from '../../../harness/contracts/trace.js'
import { trialEpochMs } from '../../../harness/invariants/reading/wall-time.js'
import { epochMs } from '../../../harness/sandbox/clock.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, options?: BackoffOptions) =>
  backoffRespected(options).check(trace.build(), undefined)

/** A call that fails at 1 s and is made again so much later. */
function retry(afterMs: number, error: Partial<ErrorFacts>, site = 'model:m'): TraceBuilder {
  const trace = new TraceBuilder()
  const failed = trace.call(site)
  trace.at(1_000).fail(failed, 'transient', error)
  trace.at(1_000 + afterMs)
  return trace.ok(trace.call(site))
}

/** A call that fails at once each time, and is made again after each of these waits. */
function row(waitsMs: readonly number[], error: Partial<ErrorFacts> = { status: 500 }, site = 'model:m'): TraceBuilder {
  const trace = new TraceBuilder()
  let now = 0
  for (const ms of waitsMs) {
    trace.fail(trace.call(site), 'transient', error)
    now += ms
    trace.at(now)
  }
  return trace.ok(trace.call(site))
}

describe('backoff-respected', () => {
  it('is violated by a retry that comes before the server asked for it, and shows both', () => {
    expect(judge(retry(1_998, { status: 429, retryAfter: '2' }))).toEqual({
      kind: 'violated',
      signature: 'retry-after:model:m',
      story: 'The agent called model:m again 1998 ms after a failure, and the server had asked for 2000 ms.',
      evidence: [1, 2],
    })
    expect(judge(retry(2_000, { status: 429, retryAfter: '2' }))).toEqual({ kind: 'held' })
  })

  const askedTwice = (waitsMs: readonly number[], site = 'tool:pay', toolCalls = ['pay {}', 'pay {}']) => {
    const trace = new TraceBuilder()
    trace.reply(trace.call('model:m'), '', { toolCalls })
    let now = 0
    for (const ms of waitsMs) {
      trace.fail(trace.call(site), 'transient', { status: 503 })
      now += ms
      trace.at(now)
    }
    return judge(trace.ok(trace.call(site)))
  }

  it('does not take the second of two calls that one answer asked for for a retry', () => {
    expect(askedTwice([500, 1_000, 0, 500])).toEqual({ kind: 'held' })
    expect(askedTwice([500, 1_000, 0, 500], 'http:POST pay/charges')).toEqual({ kind: 'held' })
  })

  it('takes each further one that comes at once for a retry', () => {
    expect(askedTwice([500, 0, 0, 500])).toMatchObject({ kind: 'violated', signature: 'hot:tool:pay' })
    const further = askedTwice([500, 0, 0, 500], 'http:POST pay/charges')
    expect(further).toMatchObject({ kind: 'violated', signature: 'hot:http:POST pay/charges' })
    const once = askedTwice([500, 0, 500], 'http:POST pay/charges', ['pay {"n":1}', 'pay {"n":2}'])
    expect(once).toMatchObject({ kind: 'violated', signature: 'hot:http:POST pay/charges' })
  })

  const runTwice = (toolCalls: readonly string[]) => {
    const trace = new TraceBuilder()
    trace.reply(trace.call('model:m'), '', { toolCalls })
    for (let run = 0; run < 2; run++) {
      const tool = trace.call('tool:pay', { input: `{"run":"${run}"}` })
      trace.fail(trace.call('http:POST pay/charges', { parent: tool }), 'transient', { status: 503 })
      trace.fail(tool, 'unknown')
    }
    return judge(trace)
  }

  it('does not take the request of a second run of a tool for a retry where that was asked for twice', () => {
    expect(runTwice(['pay {}', 'pay {}'])).toMatchObject({ kind: 'vacuous' })
    expect(runTwice(['pay {}'])).toMatchObject({ kind: 'violated', signature: 'hot:http:POST pay/charges' })
  })

  it('is violated by retries that come at once, one after the other, where the server gave no advice', () => {
    expect(judge(row([0, 1]))).toEqual({
      kind: 'violated',
      signature: 'storm:model:m',
      story: 'The agent called model:m again 2 times in a row after failures, and waited 1 ms in all.',
      evidence: [1, 2, 3, 4],
    })
    expect(judge(row([500, 1, 1]))).toMatchObject({ signature: 'storm:model:m' })
    expect(judge(row([30, 10, 10, 10]))).toMatchObject({ signature: 'storm:model:m', evidence: { length: 8 } })
  })

  it('lets jitter bring any single retry close, and a first one come at once', () => {
    // Full jitter: between nothing and the whole pause, which doubles.
    expect(judge(row([3, 740, 20]))).toEqual({ kind: 'held' })
    expect(judge(row([300, 0, 900]))).toEqual({ kind: 'held' })
    // A first retry at once, then pauses that grow.
    expect(judge(row([0, 1_000, 2_000]))).toEqual({ kind: 'held' })
    // Cockatiel's default generator, from an initial delay of 128 ms.
    expect(judge(row([2, 168, 260, 500]))).toEqual({ kind: 'held' })
    expect(judge(retry(0, { status: 500 }))).toEqual({ kind: 'held' })
  })

  it.each<[string, Partial<ErrorFacts>]>([
    ['a 429', { status: 429 }],
    ['a 503', { status: 503 }],
    ['any answer with advice', { status: 500, retryAfter: '-1' }],
  ])('holds each retry of %s to a floor, for it asked to be left alone', (_name, error) => {
    expect(judge(retry(1, error))).toMatchObject({ kind: 'violated', signature: 'hot:model:m', evidence: [1, 2] })
    expect(judge(retry(98, error))).toMatchObject({ signature: 'hot:model:m' })
    expect(judge(retry(100, error))).toEqual({ kind: 'held' })
    expect(judge(row([500, 1], error))).toMatchObject({ signature: 'hot:model:m' })
    expect(judge(retry(1, error), { minimumMs: 0 })).toEqual({ kind: 'held' })
  })

  it('says what asked to be left alone, and how to ask for another floor', () => {
    expect(judge(retry(1, { status: 429, retryAfter: '-1' }))).toMatchObject({
      story:
        'The agent called model:m again 1 ms after a failure, though a 429 with "retry-after: -1" asks to be left alone. ' +
        'It is to wait 100 ms at least; `minimumMs` says otherwise.',
    })
  })

  it('lets whoever was told to come back sooner than the floor do so', () => {
    expect(judge(retry(20, { status: 429, retryAfterMs: '20' }))).toEqual({ kind: 'held' })
    expect(judge(retry(18, { status: 429, retryAfterMs: '20' }))).toMatchObject({ signature: 'hot:model:m' })
    expect(judge(retry(20, { status: 429, retryAfter: '0.02' }))).toEqual({ kind: 'held' })
  })

  it('takes retry-after-ms for what may be heeded and need not be', () => {
    expect(judge(retry(500, { status: 429, retryAfterMs: '171000' }))).toEqual({ kind: 'held' })
    const both = { status: 429, retryAfter: '30', retryAfterMs: '2500' }
    expect(judge(retry(2_500, both))).toEqual({ kind: 'held' })
    expect(judge(retry(2_400, both))).toMatchObject({ signature: 'retry-after:model:m' })
  })

  it('lets no garbage in retry-after-ms hide good advice, and no number that contradicts it decide', () => {
    expect(judge(retry(500, { status: 429, retryAfter: '30', retryAfterMs: 'soon' }))).toMatchObject({
      signature: 'retry-after:model:m',
    })
    expect(judge(retry(500, { status: 429, retryAfter: '30', retryAfterMs: '-1' }))).toEqual({ kind: 'held' })
    expect(judge(retry(1, { status: 429, retryAfter: '30', retryAfterMs: '-1' }))).toMatchObject({
      signature: 'hot:model:m',
    })
  })

  it.each([45, 90, 171, 600, 3_600])('is violated by a cap below a window of %i s, and not by giving up', (seconds) => {
    const capped = retry(Math.min(120, seconds - 1) * 1_000, { status: 429, retryAfter: `${seconds}` })
    expect(judge(capped)).toMatchObject({ signature: 'retry-after:model:m' })
    expect(judge(retry(seconds * 1_000, { status: 429, retryAfter: `${seconds}` }))).toEqual({ kind: 'held' })
  })

  it('counts no retry into a storm that came as advised, or of another call', () => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('model:m'), 'transient', { status: 429, retryAfter: '0.001' }).at(1)
    trace.fail(trace.call('model:m'), 'transient', { status: 500 }).at(2)
    expect(judge(trace.ok(trace.call('model:m')))).toEqual({ kind: 'held' })
    const several = new TraceBuilder()
    for (const input of ['1', '2', '3']) {
      several.fail(several.call('http:GET api/x', { input }), 'transient', { status: 500 })
      several.ok(several.call('http:GET api/x', { input }))
    }
    expect(judge(several)).toEqual({ kind: 'held' })
  })

  it('holds every single retry to a minimum where the scenario gives one', () => {
    expect(judge(retry(0, { status: 500 }), { minimumMs: 100 })).toEqual({
      kind: 'violated',
      signature: 'minimum:model:m',
      story: 'The agent called model:m again 0 ms after a failure.',
      evidence: [1, 2],
    })
    expect(judge(retry(100, { status: 500 }), { minimumMs: 100 })).toEqual({ kind: 'held' })
    expect(backoffRespected({ minimumMs: 100 }).promise).toContain('every retry waits 100 ms')
    expect(backoffRespected().promise).not.toContain('undefined')
  })

  it('reads seconds with fractions, and dates by the wall clock of the trial', () => {
    expect(judge(retry(1_400, { status: 429, retryAfter: '1.5' }))).toMatchObject({ kind: 'violated' })
    expect(judge(retry(1_500, { status: 429, retryAfter: '1.5' }))).toEqual({ kind: 'held' })
    const retryAfter = 'Thu, 01 Jan 2026 00:00:05 GMT'
    expect(judge(retry(3_900, { status: 503, retryAfter }))).toMatchObject({ signature: 'retry-after:model:m' })
    expect(judge(retry(4_000, { status: 503, retryAfter }))).toEqual({ kind: 'held' })
  })

  it('goes by the same beginning of time as the clock of the trial', () => {
    expect(trialEpochMs).toBe(epochMs)
  })

  it.each(['0', '-1', '', 'soon', '2 s', '1e3', '9999999', 'Wed, 31 Dec 2025 23:59:59 GMT', '2026-01-01T00:01:00Z'])(
    'takes hostile advice for none: "%s"',
    (retryAfter) => {
      expect(judge(row([400, 900], { status: 429, retryAfter }))).toEqual({ kind: 'held' })
      expect(judge(retry(1, { status: 429, retryAfter }))).toMatchObject({ signature: 'hot:model:m' })
    },
  )

  it('asks for no longer a wait than is to be honoured, and for no retry at all', () => {
    const long = { status: 429, retryAfter: '7200' }
    expect(judge(retry(2_000, long))).toMatchObject({ signature: 'retry-after:model:m' })
    expect(judge(retry(3_600_000, long))).toEqual({ kind: 'held' })
    expect(judge(retry(2_000, long), { honourUpToMs: 2_000 })).toEqual({ kind: 'held' })
    const trace = new TraceBuilder()
    trace.fail(trace.call('model:m'), 'transient', long)
    expect(judge(trace.claim('failure'))).toEqual({
      kind: 'vacuous',
      because: 'no call that failed for the moment was made again',
    })
  })

  it('does not take a date for advice where the wall clock had jumped', () => {
    const trace = new TraceBuilder()
    const failed = trace.call('model:m')
    trace.fault(failed, 'resource', {}, ['clock-jump'])
    trace.fail(failed, 'transient', { status: 429, retryAfter: 'Thu, 01 Jan 2026 00:01:00 GMT' }).at(500)
    expect(judge(trace.ok(trace.call('model:m')))).toEqual({ kind: 'held' })
  })

  it.each<[string, Partial<ErrorFacts>]>([
    ['a request timeout', { status: 408 }],
    ['a server error', { status: 500 }],
    ['too early a request', { status: 425 }],
    ['a reset', { code: 'ECONNRESET' }],
    ['a reset of a model call', { name: 'ConnectionError', message: 'reset' }],
    ['a refused connection', { code: 'ECONNREFUSED' }],
  ])('judges a retry after %s', (_name, error) => {
    expect(judge(row([0, 0], error))).toMatchObject({ kind: 'violated' })
  })

  it.each<[string, Partial<ErrorFacts>]>([
    ['a timeout, which has been waited for', { code: 'ETIMEDOUT' }],
    ['silence', { name: 'ConnectionError', message: 'silence' }],
    ['an answer that broke off', { name: 'CutAnswer', message: 'the answer was cut: reset' }],
    ['an error that is for good', { status: 400 }],
  ])('does not judge a retry after %s', (_name, error) => {
    expect(judge(row([0, 0], error))).toMatchObject({ kind: 'vacuous' })
  })

  it('judges the retries of every call', () => {
    const trace = retry(500, { status: 503 }, 'http:GET api/x')
    for (let n = 0; n < 3; n++) trace.at(3_000).fail(trace.call('http:GET api/y'), 'transient', { status: 500 })
    expect(judge(trace)).toMatchObject({ signature: 'storm:http:GET api/y' })
  })

  it('does not exempt a call that the model asked for again because the conversation was started over', () => {
    const says = (text: string) => [{ role: 'user', blocks: [{ kind: 'text', text }] }] as const
    const askAgain = (second: string) => {
      const trace = new TraceBuilder()
      const question = (text: string) => trace.call('model:m', { input: text, messages: says(text) })
      trace.reply(question('Refund 42.'), '', { toolCalls: ['refund {}'] })
      trace.fail(trace.call('tool:refund'), 'transient', { status: 503 })
      trace.reply(question(second), '', { toolCalls: ['refund {}'] })
      return judge(trace.ok(trace.call('tool:refund')))
    }
    expect(askAgain('Refund 42.')).toMatchObject({ kind: 'violated', signature: 'hot:tool:refund' })
    expect(askAgain('It failed; what now?')).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts a call that the model asked for again, but none to the model itself', () => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('tool:search'), 'transient', { status: 503 })
    trace.turn().ok(trace.call('tool:search'))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts a tool call that took so long that the agent may have given it up', () => {
    const slow = (site: string) => {
      const trace = new TraceBuilder()
      const call = trace.call(site)
      trace.at(20_000).fail(call, 'transient', { status: 503 })
      return trace.ok(trace.call(site))
    }
    const minimumMs = 100
    expect(judge(slow('tool:search'), { minimumMs })).toMatchObject({ kind: 'vacuous' })
    expect(judge(slow('http:GET api/x'), { minimumMs })).toMatchObject({ kind: 'violated' })
  })

  it('exempts an agent that was restarted in between', () => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('model:m'), 'transient', { status: 429, retryAfter: '30' })
    trace.restart().reply(trace.call('model:m'))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('exempts a call that may be another flow of the agent, and not one inside the tool that it retries for', () => {
    const trace = new TraceBuilder()
    const other = trace.call('tool:other')
    trace.fail(trace.call('model:m'), 'transient', { status: 503 })
    trace.reply(trace.call('model:m')).ok(other)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })

    const inside = new TraceBuilder()
    const parent = inside.call('tool:refund')
    inside.fail(inside.call('http:POST api/refunds', { parent }), 'transient', { status: 503 })
    inside.ok(inside.call('http:POST api/refunds', { parent })).ok(parent)
    expect(judge(inside, { minimumMs: 100 })).toMatchObject({ signature: 'minimum:http:POST api/refunds' })
  })

  it('does not take another request for a retry', () => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('tool:search', { input: '1' }), 'transient', { status: 503 })
    trace.ok(trace.call('tool:search', { input: '2' }))
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})
