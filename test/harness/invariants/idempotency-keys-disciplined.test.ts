/** Proves each rule of a key's discipline, and that what services tell a client to do never counts against it. */
import { idempotencyKeysDisciplined, type KeyDiscipline } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (trace: TraceBuilder, options?: KeyDiscipline) =>
  idempotencyKeysDisciplined(options).check(trace.build(), undefined)

interface Attempt {
  readonly key?: string
  readonly intent?: string | number
  readonly kind?: string
  readonly cents?: number
  readonly parent?: number
  readonly fails?: Extract<Outcome, { kind: 'failed' }>['class']
  readonly status?: number
}

/** Attempts one after another; each is acknowledged unless it fails. */
function attempts(all: readonly Attempt[], trace = new TraceBuilder()): TraceBuilder {
  for (const { kind = 'refund', intent = '42', cents = 100, key, parent, fails, status } of all) {
    const input = JSON.stringify({ kind, intent, key, payload: { cents } })
    const crossing = trace.call(`effect:${kind}`, { input, ...(parent !== undefined && { parent }) })
    if (fails) trace.fail(crossing, fails, status === undefined ? {} : { status })
    else trace.effect(crossing, { kind, intent: String(intent), key: key ?? null, payload: { cents } }).ok(crossing)
  }
  return trace
}

const lost = { fails: 'indeterminate' } as const
const later = { fails: 'transient', status: 503 } as const

describe('the key of an intent', () => {
  it('is held where every attempt carries the same', () => {
    expect(judge(attempts([{ key: 'a', ...lost }, { key: 'a', ...later }, { key: 'a' }]))).toEqual({ kind: 'held' })
  })

  it('is violated where an attempt carries another, and shows both', () => {
    expect(judge(attempts([{ key: 'a', ...lost }, { key: 'b' }]))).toEqual({
      kind: 'violated',
      signature: 'changed:refund',
      story: '"refund 42" was attempted again with another idempotency key.',
      evidence: [0, 2],
    })
  })

  it('is violated where a later attempt carries none, or the first did not', () => {
    expect(judge(attempts([{ key: 'a', ...lost }, {}]))).toMatchObject({ signature: 'changed:refund' })
    expect(judge(attempts([{ ...lost }, { key: 'a' }]))).toMatchObject({ signature: 'changed:refund' })
  })

  it('is the same after a restart, whether or not the answer had come', () => {
    expect(judge(attempts([{ key: 'b' }], attempts([{ key: 'a' }]).restart()))).toMatchObject({
      signature: 'changed:refund',
    })
    expect(judge(attempts([{ key: 'a' }], attempts([{ key: 'a' }]).restart()))).toEqual({ kind: 'held' })
  })

  it('is the same where the tool around it lost the answer', () => {
    const trace = new TraceBuilder()
    const tool = trace.call('tool:refund')
    attempts([{ key: 'a', parent: tool }], trace).fail(tool, 'indeterminate')
    const again = trace.call('tool:refund')
    attempts([{ key: 'b', parent: again }], trace).ok(again)
    expect(judge(trace)).toMatchObject({ signature: 'changed:refund' })
  })

  it('may be another where the first was acknowledged: it is done with', () => {
    expect(judge(attempts([{ key: 'a' }, { key: 'b' }]))).toEqual({ kind: 'held' })
  })

  it('may be another where the change may have been undone in between, restarts included', () => {
    const undone = [{ key: 'a', ...lost }, { kind: 'undo', key: 'u' }, { key: 'b' }]
    expect(judge(attempts(undone))).toEqual({ kind: 'held' })
  })

  it('may be another for a corrected request, after a refusal for good or one that was not applied', () => {
    const refused = { key: 'a', fails: 'definite', status: 400 } as const
    expect(judge(attempts([refused, { key: 'b', cents: 50 }]))).toEqual({ kind: 'held' })
    expect(
      judge(
        attempts([
          { key: 'a', ...later },
          { key: 'b', cents: 50 },
        ]),
      ),
    ).toEqual({ kind: 'held' })
    expect(judge(attempts([{ key: 'a', ...later }, { key: 'b' }]))).toMatchObject({ signature: 'changed:refund' })
    expect(
      judge(
        attempts([
          { key: 'a', ...lost },
          { key: 'b', cents: 50 },
        ]),
      ),
    ).toMatchObject({
      signature: 'changed:refund',
    })
  })
})

describe('a key', () => {
  it('must not serve two intents of a kind', () => {
    expect(judge(attempts([{ key: 'a' }, { key: 'a', intent: '43' }]))).toEqual({
      kind: 'violated',
      signature: 'shared:refund',
      story: '"refund 42" and "refund 43" carry one key.',
      evidence: [0, 3],
    })
  })

  it('may serve two kinds, which are two services', () => {
    expect(judge(attempts([{ key: 'a' }, { key: 'a', kind: 'email' }, { key: 'b', intent: '43' }]))).toEqual({
      kind: 'held',
    })
  })

  it('must not be sent with another payload, refused or not', () => {
    expect(
      judge(
        attempts([
          { key: 'a', ...lost },
          { key: 'a', cents: 50 },
        ]),
      ),
    ).toMatchObject({
      signature: 'payload:refund',
    })
    const refused = { key: 'a', fails: 'definite', status: 400 } as const
    expect(judge(attempts([refused, { key: 'a', cents: 50 }]))).toMatchObject({ signature: 'payload:refund' })
  })

  it('is sent again after 409, and not after 422', () => {
    const conflict = { key: 'a', fails: 'transient', status: 409 } as const
    expect(judge(attempts([conflict, { key: 'a' }]))).toEqual({ kind: 'held' })
    expect(judge(attempts([conflict, { key: 'b' }]))).toMatchObject({ signature: 'changed:refund' })
    const reused = { key: 'a', fails: 'definite', status: 422 } as const
    expect(judge(attempts([reused, { key: 'a' }]))).toMatchObject({
      signature: 'repeated:refund',
      story: '"refund 42" was attempted again unchanged after its key had been refused as reused.',
    })
    expect(judge(attempts([reused, { key: 'b' }]))).toEqual({ kind: 'held' })
  })

  it('must not be relied on when the service has forgotten it', () => {
    const slow = (ms: number) => attempts([{ key: 'a' }], attempts([{ key: 'a', ...lost }]).at(ms))
    expect(judge(slow(1_001), { lifetimeMs: 1_000 })).toMatchObject({ signature: 'late:refund' })
    expect(judge(slow(1_000), { lifetimeMs: 1_000 })).toEqual({ kind: 'held' })
  })

  it('must be there for kinds that are to carry one, at the first attempt already', () => {
    const options = { kinds: ['refund'] }
    expect(judge(attempts([{}]), options)).toMatchObject({ kind: 'violated', signature: 'missing:refund' })
    expect(judge(attempts([{ key: 'a' }]), options)).toEqual({ kind: 'held' })
  })
})

describe('changes over HTTP', () => {
  const send = (trace: TraceBuilder, key: string, fails = false) => {
    const crossing = trace.call('http:POST api/refunds', { input: key })
    trace.effect(crossing, { key })
    return fails ? trace.fail(crossing, 'indeterminate') : trace.ok(crossing)
  }

  it('are judged by what the service entered in the ledger', () => {
    expect(judge(send(send(new TraceBuilder(), 'a', true), 'a'))).toEqual({ kind: 'held' })
    expect(judge(send(send(new TraceBuilder(), 'a', true), 'b'))).toMatchObject({
      signature: 'changed:refund',
      evidence: [1, 4],
    })
  })

  it('are as old as when they were sent, however late they arrive', () => {
    const arriving = (sentMs: number) => {
      const trace = send(new TraceBuilder(), 'a', true).at(sentMs)
      const held = trace.call('http:POST api/refunds', { input: 'a' })
      return judge(trace.fail(held, 'indeterminate').at(5_000).effect(held, { key: 'a' }), { lifetimeMs: 1_000 })
    }
    expect(arriving(1_000)).toEqual({ kind: 'held' })
    expect(arriving(1_001)).toMatchObject({ signature: 'late:refund' })
  })
})

describe('idempotency-keys-disciplined', () => {
  it('is vacuous where no change carries a key, nothing was tried twice, or nothing was tried', () => {
    expect(judge(attempts([{ ...lost }, {}]))).toMatchObject({ kind: 'vacuous' })
    expect(judge(new TraceBuilder().turn())).toMatchObject({ kind: 'vacuous' })
    expect(judge(attempts([{ key: 'a' }, { kind: 'email', key: 'b' }]))).toEqual({
      kind: 'vacuous',
      because: 'no change was attempted twice, or for two intents',
    })
  })

  it('is held by two intents with a key each', () => {
    expect(judge(attempts([{ key: 'a' }, { key: 'b', intent: 43 }]))).toEqual({ kind: 'held' })
  })
})
