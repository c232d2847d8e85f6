/** A call of a tool goes as it was planned: what its caller sees, when, and what was really done. */
import type { ErrorShapes } from 'agent-chaos'
import { defineFault, failureCodes } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { type Agent, failureOf, faults, ledgerOf, sleep, trial } from '../../../support/sandbox/scenario.js'

interface Seen {
  readonly how: 'resolved' | 'rejected'
  readonly value: unknown
  readonly at: number
}

/** Calls a tool of half a second once under a plan; it notes `ran` when it has done its work. */
async function call(plan: string, options: Parameters<typeof trial>[2] = {}) {
  let seen: Seen | undefined
  const agent: Agent = async ({ instrument, state }) => {
    const ping = instrument(async function ping(_: object) {
      await sleep(500)
      state.push(`ran at ${performance.now()}`)
      return 'pong'
    })
    const settledAs = (how: Seen['how']) => (value: unknown) => {
      seen = { how, value, at: performance.now() }
    }
    await ping({}).then(settledAs('resolved'), settledAs('rejected'))
  }
  const done = await trial(agent, plan, options)
  return { ...done, seen, ran: done.state }
}

describe('a tool call', () => {
  it('is left alone where nothing is planned', async () => {
    const { seen, ran, trace } = await call('')
    expect(seen).toEqual({ how: 'resolved', value: 'pong', at: 500 })
    expect(ran).toEqual(['ran at 500'])
    expect(trace.events.map(({ kind }) => kind)).toEqual(['call', 'return', 'claim', 'end'])
  })

  it.each([
    ['tool/unavailable', 0, { code: 'UNAVAILABLE', status: 503, message: 'ping: 503 service unavailable' }, []],
    ['tool/bad-request', 0, { code: 'BAD_REQUEST', status: 400 }, []],
    ['tool/not-run', 10_000, { code: 'ETIMEDOUT', message: 'ping: timed out' }, []],
    ['tool/not-run(symptom: "reset")', 0, { code: 'ECONNRESET' }, []],
    ['tool/reply-lost', 10_000, { code: 'ETIMEDOUT', message: 'ping: timed out' }, ['ran at 500']],
    ['tool/reply-lost(symptom: "reset")', 500, { code: 'ECONNRESET' }, ['ran at 500']],
    ['tool/reply-lost(timeout: 100)', 100, { code: 'ETIMEDOUT' }, ['ran at 500']],
    ['test/late', 10_000, { code: 'ETIMEDOUT' }, ['ran at 60500']],
  ])('under %s fails after %i ms', async (fault, at, error, ran) => {
    const done = await call(`tool:ping#1 = ${fault}`)
    expect(done.seen).toMatchObject({ how: 'rejected', at, value: error })
    expect(done.seen?.value).toBeInstanceOf(Error)
    expect(done.ran).toEqual(ran)
  })

  it.each([
    ['test/slow', 5_500, 'pong', ['ran at 5500']],
    ['test/pretend', 0, { fine: true }, []],
    ['tool/duplicate', 500, 'pong', ['ran at 500', 'ran at 500']],
    ['tool/duplicate(times: 2, gap: 1000)', 500, 'pong', ['ran at 500', 'ran at 1500', 'ran at 2500']],
  ])('under %s resolves after %i ms', async (fault, at, value, ran) => {
    const done = await call(`tool:ping#1 = ${fault}`)
    expect(done.seen).toEqual({ how: 'resolved', at, value })
    expect(done.ran).toEqual(ran)
  })

  it('composes what several faults do to it: modifiers add up, the first ending wins', async () => {
    const done = await call('tool:ping#1 = test/slow, test/slow, tool/duplicate, tool/reply-lost, tool/unavailable')
    expect(done.seen).toMatchObject({ how: 'rejected', at: 20_000, value: { code: 'ETIMEDOUT' } })
    expect(done.ran).toEqual(['ran at 10500', 'ran at 10500'])
    const struck = done.trace.events.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))
    expect(struck).toEqual(['test/slow', 'test/slow', 'tool/duplicate', 'tool/reply-lost'])
  })

  it.each([
    ['tool/unavailable', 'transient'],
    ['tool/bad-request', 'definite'],
    ['tool/not-run', 'indeterminate'],
    ['tool/reply-lost', 'indeterminate'],
  ])('is in the trace with the class of %s, also where a caller passes the error on', async (fault, class_) => {
    const done = await trial(async ({ instrument }) => {
      const inner = instrument(async function inner() {})
      const outer = instrument(async function outer() {
        await inner()
      })
      await failureOf(outer())
    }, `tool:inner#1 = ${fault}`)
    const outcomes = done.trace.events.flatMap((event) => (event.kind === 'return' ? [event.outcome] : []))
    expect(outcomes).toMatchObject([{ class: class_ }, { class: class_ }])
  })

  it('keeps an error of its own as it is, of unknown class', async () => {
    const own = Object.assign(new RangeError('mine'), { code: 'E_MINE', status: 418 })
    let seen: unknown
    const done = await trial(async ({ instrument }) => {
      const fails = instrument(async function fail() {
        throw own
      })
      seen = await failureOf(fails())
    })
    expect(seen).toBe(own)
    expect(done.trace.events[1]).toMatchObject({
      outcome: { class: 'unknown', error: { name: 'RangeError', message: 'mine', code: 'E_MINE', status: 418 } },
    })
  })
})

describe('the errors that a scenario declares', () => {
  class StripeTimeout extends Error {
    override readonly name = 'StripeTimeout'
  }
  const errors: ErrorShapes = { timeout: () => new StripeTimeout('no answer from Stripe') }

  it('are what tools and changes fail with', async () => {
    const { seen, trace } = await call('tool:ping#1 = tool/not-run', { errors })
    expect(seen?.value).toBeInstanceOf(StripeTimeout)
    expect(trace.events.find(({ kind }) => kind === 'return')).toMatchObject({
      outcome: { class: 'indeterminate', error: { name: 'StripeTimeout', message: 'no answer from Stripe' } },
    })
    let error: unknown
    await trial(
      async ({ effect }) => {
        error = await failureOf(effect({ kind: 'pay', intent: 1, steps: [() => {}, () => {}] }))
      },
      'effect:pay#1 = effect/partial',
      { errors },
    )
    expect(error).toBeInstanceOf(StripeTimeout)
  })

  it('leave the other failures as they are', async () => {
    expect((await call('tool:ping#1 = tool/unavailable', { errors })).seen?.value).toMatchObject({ status: 503 })
  })

  it.each(failureCodes)('can replace %s', async (code) => {
    const refusing = defineFault({
      name: 'test/refusing',
      summary: 'Fails.',
      class: 'transient',
      boundaries: ['tool'],
      params: {},
      action: () => ({ kind: 'reject', code }),
    })
    const plain = await call('tool:ping#1 = test/refusing', { faults: [refusing] })
    expect(plain.seen).toMatchObject({ how: 'rejected', value: { message: expect.stringMatching(/^ping: /) } })
    const own = await call('tool:ping#1 = test/refusing', { faults: [refusing], errors: { [code]: () => 'my own' } })
    expect(own.seen).toEqual({ how: 'rejected', value: 'my own', at: 0 })
  })
})

describe('via: "return"', () => {
  it('gives faults as values, which count as failures all the same', async () => {
    const { seen, trace } = await call('tool:ping#1 = tool/unavailable', { via: 'return' })
    expect(seen).toMatchObject({ how: 'resolved', value: { status: 503 } })
    expect(trace.events.find(({ kind }) => kind === 'return')).toMatchObject({ outcome: { kind: 'failed' } })
  })

  it('leaves what the tool itself throws, and what changes fail with, thrown', async () => {
    const thrown: unknown[] = []
    const done = await trial(
      async ({ instrument, effect, state }) => {
        const fails = instrument(async function fail() {
          throw new RangeError('mine')
        })
        thrown.push(await failureOf(fails()))
        thrown.push(await failureOf(effect({ kind: 'pay', intent: 1 }, () => state.push('paid'))))
      },
      'effect:pay#1 = test/lost',
      { via: 'return', faults },
    )
    expect(thrown).toMatchObject([{ name: 'RangeError' }, { code: 'ECONNRESET' }])
    expect(ledgerOf(done)).toEqual([[0, 'applied', [0]]])
  })
})

describe('a result that is changed on its way', () => {
  /** Calls a tool that counts its runs with these inputs, one after the other; it fails where it is asked to. */
  async function countCalls(plan: string, inputs: readonly object[], options: Parameters<typeof trial>[2] = {}) {
    const seen: unknown[] = []
    const done = await trial(
      async ({ instrument, state }) => {
        const count = instrument(async function count(input: { readonly fails?: boolean }) {
          state.push('ran')
          if (input.fails) throw new RangeError('mine')
          return { runs: [state.length], text: `run ${state.length}` }
        })
        for (const input of inputs) seen.push(await count(input).catch((error: unknown) => error))
      },
      plan,
      options,
    )
    const outputs = done.trace.events.flatMap((event) =>
      event.kind === 'return' && event.outcome.kind === 'ok' ? [event.outcome.output as unknown] : [],
    )
    return {
      seen,
      outputs,
      ran: (done.state as string[]).length,
      statuses: done.trace.injections.map(({ status }) => status),
      done,
    }
  }
  const [a, b] = [{ at: 'a' }, { at: 'b' }]

  it('is empty, though the work was done', async () => {
    const { seen, outputs, ran, statuses } = await countCalls('tool:count#1 = tool/empty-result', [a])
    expect({ seen, ran, statuses }).toEqual({ seen: [{ runs: [], text: 'run 1' }], ran: 1, statuses: ['landed'] })
    expect(outputs).toEqual(seen)
  })

  it('is what an equal call was told before, and stays that for as long as it is out of date', async () => {
    const { seen, ran } = await countCalls('tool:count#2.. = tool/stale-result', [a, b, a, a])
    expect(seen.map((one) => (one as { text: string }).text)).toEqual(['run 1', 'run 2', 'run 1', 'run 1'])
    expect(ran).toBe(4)
  })

  it('is what the last call about something else was told', async () => {
    const { seen } = await countCalls('tool:count#3 = tool/wrong-entity', [a, b, a])
    expect(seen.at(-1)).toEqual(seen[1])
  })

  it('ends with an instruction, and the trace says for what', async () => {
    const { seen, done } = await countCalls('tool:count#1 = tool/poisoned-result(token: "order 13")', [a])
    expect(seen).toEqual([{ runs: [1], text: expect.stringMatching(/^run 1\n\n.*for order 13 and/) as string }])
    expect(done.trace.events.filter(({ kind }) => kind === 'fault')).toMatchObject([
      { class: 'deceptive', actions: ['poison'], token: 'order 13' },
    ])
  })

  it.each([
    ['error', { error: { type: 'internal_error', message: expect.any(String) as string } }],
    ['isError', { isError: true, content: [{ type: 'text', text: expect.any(String) as string }] }],
  ])('tells of an error as a success, and nothing was done: %s', async (style, value) => {
    const { seen, ran } = await countCalls(`tool:count#1 = tool/error-as-result(style: "${style}")`, [a])
    expect({ seen, ran }).toEqual({ seen: [value], ran: 0 })
  })

  it.each(['tool/stale-result', 'tool/wrong-entity'])(
    'is left alone under %s where nothing was told before',
    async (fault) => {
      const { seen, statuses, done } = await countCalls(`tool:count#1 = ${fault}`, [a])
      expect({ seen, statuses }).toEqual({ seen: [{ runs: [1], text: 'run 1' }], statuses: ['reached'] })
      expect(done.trace.events.some(({ kind }) => kind === 'fault')).toBe(false)
    },
  )

  it('is left alone where the tool fails by itself, which is thrown as ever', async () => {
    for (const via of ['throw', 'return'] as const) {
      const { seen, statuses } = await countCalls('tool:count#1 = tool/empty-result', [{ fails: true }], { via })
      expect({ seen, statuses }).toMatchObject({ seen: [{ name: 'RangeError' }], statuses: ['reached'] })
    }
  })

  it('lands apart from what delays it', async () => {
    const { statuses, done } = await countCalls('tool:count#1 = test/slow; tool:count#1 = tool/stale-result', [a])
    expect(statuses).toEqual(['landed', 'reached'])
    expect(done.trace.events.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))).toEqual(['test/slow'])
  })

  it('is in the trace when it lands: behind what the call brought about', async () => {
    const { done } = await countCalls('tool:count#1 = test/slow; tool:count#1 = tool/empty-result', [a])
    expect(done.trace.events.map(({ kind, at }) => `${kind}@${at}`).slice(0, 4)).toEqual([
      'call@0',
      'fault@0',
      'fault@5000',
      'return@5000',
    ])
  })
})

describe('equal calls', () => {
  it('are further attempts after a failure, and new occurrences after a success', async () => {
    const done = await trial(async ({ instrument }) => {
      const ping = instrument(async function ping(_: object) {})
      for (const input of [{ a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }, { a: 1 }]) await ping(input).catch(() => {})
    }, 'tool:ping#1..2.* = tool/unavailable; tool:ping#3 = tool/unavailable')
    const calls = done.trace.events.flatMap((event) =>
      event.kind === 'call' ? [`${event.occurrence}.${event.attempt}`] : [],
    )
    expect(calls).toEqual(['1.1', '1.2', '2.1', '1.3', '1.4'])
  })
})
