/** The ledger says what really happened to the world, whatever the caller was told; keys make a retry harmless. */
import { type EffectFunction, verdictOf } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import { failureOf, type Log, ledgerOf, sleep, trial } from '../../../support/sandbox/scenario.js'

/** A payment of 10, which takes a second where `slow`. */
const pay = (effect: EffectFunction, log: Log, key?: string, payload: unknown = { amount: 10 }, slow = false) =>
  effect({ kind: 'payment', intent: 'bill 7', key, payload }, async () => {
    if (slow) await sleep(1_000)
    log.push('paid')
    return { receipt: log.length }
  })

/** A transfer in two steps. */
const transfer = (effect: EffectFunction, log: Log, key?: string, failing = () => false) =>
  effect({
    kind: 'transfer',
    intent: 'order 7',
    key,
    steps: [
      () => log.push('debit'),
      () => {
        if (failing()) throw new RangeError('the second step fails')
        return log.push('credit')
      },
    ],
  })

describe('a change without a key', () => {
  it('is applied each time that it is asked for', async () => {
    const results: unknown[] = []
    const done = await trial(async ({ effect, state }) => {
      results.push(await pay(effect, state), await pay(effect, state))
    })
    expect(results).toEqual([{ receipt: 1 }, { receipt: 2 }])
    expect(ledgerOf(done)).toEqual([
      [0, 'applied', [0]],
      [0, 'applied', [0]],
    ])
    expect(verdictOf(done, 'effects-exactly-once').kind).toBe('violated')
  })

  it('is begun anew after it was left half done', async () => {
    const done = await trial(async ({ effect, state }) => {
      await failureOf(transfer(effect, state))
      await transfer(effect, state)
    }, 'effect:transfer#1 = effect/partial')
    expect(done.state).toEqual(['debit', 'debit', 'credit'])
    expect(ledgerOf(done)).toEqual([
      [0, 'partial', [0]],
      [10_000, 'applied', [0, 1]],
    ])
  })

  it('is in the ledger with intent and payload as plain data', async () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const payloads = [undefined, { at: new Date(0), big: 7n }, circular, Symbol('odd'), () => 'code', Number.NaN]
    const done = await trial(async ({ effect, state }) => {
      for (const payload of payloads) await effect({ kind: 'note', intent: 42, payload }, () => state.push('noted'))
    })
    const entries = done.trace.events.flatMap((event) => (event.kind === 'effect' ? [event] : []))
    expect(entries.map(({ payload }) => payload)).toEqual([
      null,
      { at: '1970-01-01T00:00:00.000Z', big: '7n' },
      '[Object]',
      'Symbol(odd)',
      '[function]',
      null,
    ])
    const asked = done.trace.events.flatMap((event) =>
      event.kind === 'call' && event.request.kind === 'effect' ? [event.request.payload] : [],
    )
    expect(asked).toEqual(entries.map(({ payload }) => payload))
    expect(entries.every(({ effect, status }) => effect.id === '42' && status === 'applied')).toBe(true)
    expect(JSON.parse(JSON.stringify(done.trace))).toEqual(done.trace)
  })

  it('needs something to apply', async () => {
    const done = trial(({ effect }) => effect({ kind: 'note', intent: 1 }, undefined as never))
    await expect(done).rejects.toThrow(
      'effect(info, apply): expected a function to apply, or info.steps, got undefined',
    )
  })

  it.each([[[]], [[() => {}, 'no function']], ['no list']])(
    'takes no steps but functions in a list: %j',
    async (steps) => {
      const done = trial(({ effect }) => effect({ kind: 'note', intent: 1, steps } as never))
      await expect(done).rejects.toThrow('steps: expected functions in an array, at least one, got')
    },
  )

  it.each(['', undefined, 7])('takes no kind but a text: %j', async (kind) => {
    const done = trial(({ effect }) => effect({ kind, intent: 1 } as never, () => {}))
    await expect(done).rejects.toThrow('kind: expected a text, got')
  })

  it('may have one step alone', async () => {
    const done = await trial(({ effect, state }) =>
      effect({ kind: 'note', intent: 1, steps: [() => state.push('noted')] }),
    )
    expect(done.state).toEqual(['noted'])
  })
})

describe('a change with a key', () => {
  it('is apart from a change of another kind with the same key', async () => {
    const done = await trial(async ({ effect, state }) => {
      for (const kind of ['refund', 'email']) {
        await effect({ kind, intent: 'order 7', key: 'k', payload: kind }, () => state.push(kind))
      }
    })
    expect(done.state).toEqual(['refund', 'email'])
  })

  it('gives the first result again for the same key and payload', async () => {
    const results: unknown[] = []
    const done = await trial(async ({ effect, state }) => {
      results.push(await pay(effect, state, 'k'), await pay(effect, state, 'k'), await pay(effect, state, 'other'))
    })
    expect(results).toEqual([{ receipt: 1 }, { receipt: 1 }, { receipt: 2 }])
    expect(ledgerOf(done).map(([, status]) => status)).toEqual(['applied', 'replayed', 'applied'])
  })

  it('is refused with 422 for the same key and another payload', async () => {
    let error: unknown
    const done = await trial(async ({ effect, state }) => {
      await pay(effect, state, 'k')
      error = await failureOf(pay(effect, state, 'k', { amount: 11 }))
    })
    expect(error).toMatchObject({ status: 422, code: 'KEY_REUSED' })
    expect(ledgerOf(done).map(([, status]) => status)).toEqual(['applied', 'refused'])
    expect(done.trace.events.findLast(({ kind }) => kind === 'return')).toMatchObject({
      outcome: { kind: 'failed', class: 'definite' },
    })
  })

  it('is refused with 409 while the first is in progress, and replayed when it is done', async () => {
    const seen: unknown[] = []
    const done = await trial(async ({ effect, state }) => {
      const first = pay(effect, state, 'k', {}, true)
      seen.push(
        await failureOf(pay(effect, state, 'k', {}, true)),
        await first,
        await pay(effect, state, 'k', {}, true),
      )
    })
    expect(seen).toMatchObject([{ status: 409, code: 'KEY_IN_USE' }, { receipt: 1 }, { receipt: 1 }])
    expect(ledgerOf(done)).toEqual([
      [0, 'refused', []],
      [1_000, 'applied', [0]],
      [1_000, 'replayed', []],
    ])
    expect(verdictOf(done, 'effects-exactly-once').kind).toBe('held')
  })

  it('is taken up where it stopped after it was left half done', async () => {
    let results: unknown
    const done = await trial(async ({ effect, state }) => {
      await failureOf(transfer(effect, state, 'k'))
      results = await transfer(effect, state, 'k')
    }, 'effect:transfer#1 = effect/partial')
    expect(done.state).toEqual(['debit', 'credit'])
    expect(results).toEqual([1, 2])
    expect(ledgerOf(done)).toEqual([
      [0, 'partial', [0]],
      [10_000, 'applied', [1]],
    ])
  })

  it('is taken up where it failed by itself', async () => {
    const errors: unknown[] = []
    let failing = true
    const done = await trial(async ({ effect, state }) => {
      errors.push(await failureOf(transfer(effect, state, 'k', () => failing)))
      errors.push(await failureOf(transfer(effect, state, 'k', () => failing)))
      failing = false
      await transfer(effect, state, 'k')
    })
    expect(done.state).toEqual(['debit', 'credit'])
    expect(errors).toEqual([new RangeError('the second step fails'), new RangeError('the second step fails')])
    expect(ledgerOf(done).map(([, status, steps]) => [status, steps])).toEqual([
      ['partial', [0]],
      ['refused', []],
      ['applied', [1]],
    ])
  })

  it('is applied once when its answer is lost and it is asked for again', async () => {
    const seen: unknown[] = []
    const done = await trial(async ({ effect, state }) => {
      seen.push(await failureOf(pay(effect, state, 'k')), await pay(effect, state, 'k'))
    }, 'effect:payment#1 = test/lost')
    expect(seen).toMatchObject([{ code: 'ECONNRESET' }, { receipt: 1 }])
    expect(ledgerOf(done).map(([, status]) => status)).toEqual(['applied', 'replayed'])
    expect(verdictOf(done, 'effects-exactly-once').kind).toBe('held')
  })

  it('is applied once when the network delivers it twice', async () => {
    const done = await trial(({ effect, state }) => pay(effect, state, 'k'), 'effect:payment#1 = test/twice')
    expect(ledgerOf(done)).toEqual([
      [0, 'applied', [0]],
      [1_000, 'replayed', []],
    ])
  })
})

describe('what the caller is told and what happened', () => {
  it('are two things when the answer is lost: applied, and failed', async () => {
    const done = await trial(({ effect, state }) => failureOf(pay(effect, state)), 'effect:payment#1 = test/lost')
    expect(done.state).toEqual(['paid'])
    expect(done.trace.events.filter(({ kind }) => kind === 'effect' || kind === 'return')).toMatchObject([
      { kind: 'effect', status: 'applied' },
      { kind: 'return', outcome: { kind: 'failed', class: 'indeterminate', error: { code: 'ECONNRESET' } } },
    ])
  })

  it('are two things when it is only pretended', async () => {
    let result: unknown
    const done = await trial(async ({ effect, state }) => {
      result = await pay(effect, state)
    }, 'effect:payment#1 = test/pretend')
    expect([result, done.state, ledgerOf(done)]).toEqual([{ fine: true }, [], []])
  })

  it('are two things when every step is applied and no answer comes', async () => {
    const plan = 'effect:transfer#1 = effect/partial(steps: 100, symptom: "reset")'
    const done = await trial(({ effect, state }) => failureOf(transfer(effect, state)), plan)
    expect(ledgerOf(done)).toEqual([[0, 'applied', [0, 1]]])
  })

  it('are the same thing when the service fails by itself', async () => {
    const boom = new RangeError('out of paper')
    let error: unknown
    const done = await trial(async ({ effect }) => {
      const broken = effect({ kind: 'print', intent: 1 }, () => {
        throw boom
      })
      error = await failureOf(broken)
    })
    expect(error).toBe(boom)
    expect(ledgerOf(done)).toEqual([[0, 'refused', []]])
  })

  it('differ in time when it is late, and what is late is drained before anything is judged', async () => {
    const done = await trial(async ({ effect, state }) => {
      await failureOf(pay(effect, state))
      await pay(effect, state)
    }, 'effect:payment#1 = test/late')
    expect(ledgerOf(done)).toEqual([
      [10_000, 'applied', [0]],
      [60_000, 'applied', [0]],
    ])
    expect(done.trace.events.map(({ kind }) => kind).slice(-3)).toEqual(['claim', 'effect', 'end'])
    expect(verdictOf(done, 'effects-exactly-once').kind).toBe('violated')
  })

  it('cannot be left half done where it comes in one piece', async () => {
    const done = await trial(({ effect, state }) => pay(effect, state), 'effect:payment#1 = effect/partial')
    expect(done.trace.injections.map(({ status }) => status)).toEqual(['reached'])
    expect(ledgerOf(done)).toEqual([[0, 'applied', [0]]])
  })
})
