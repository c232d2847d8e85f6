/** Proves that only the agent's own repetition of a call that failed for good counts against it. */
import { defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { permanentErrorsNotRetried } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../harness/contracts/conversation.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const judge = (builder: TraceBuilder) => permanentErrorsNotRetried().check(builder.build(), undefined)

describe('permanent-errors-not-retried', () => {
  it('is violated by the same call again, and shows the refusal and the call', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.ok(trace.call('tool:refund'))
    expect(judge(trace)).toEqual({
      kind: 'violated',
      signature: 'tool:refund',
      story: 'The agent made the same call to tool:refund again after an error that is for good.',
      evidence: [2, 3],
    })
  })

  it('is held where the agent leaves it at that', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    expect(judge(trace.claim('failure'))).toEqual({ kind: 'held' })
  })

  it.each(['transient', 'indeterminate', 'unknown'] as const)('is vacuous where calls failed as %s', (class_) => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('tool:refund'), class_)
    trace.fail(trace.call('tool:refund'), class_)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  describe.each(['remove', 'read', 'open'])('%s of a file that an attempt wrote', (input) => {
    const twice = (between: (trace: TraceBuilder) => void) => {
      const trace = new TraceBuilder()
      trace.strike('file:draft', 'definite', { input })
      between(trace)
      trace.strike('file:draft', 'definite', { input })
      return judge(trace)
    }
    const write = (path: string) => (trace: TraceBuilder) =>
      void trace.strike(`file:${path}`, 'resource', { input: 'write: x' })

    it('may be done after each attempt', () => {
      expect(twice(write('draft'))).toEqual({ kind: 'held' })
    })

    it('is a retry where there was none in between, or one at another file', () => {
      expect(twice(() => {})).toMatchObject({ kind: 'violated' })
      expect(twice(write('other'))).toMatchObject({ kind: 'violated' })
    })
  })

  it('does not take a model call that failed for the model asking again', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.strike('model:m', 'transient')
    trace.ok(trace.call('tool:refund'))
    expect(judge(trace)).toMatchObject({ kind: 'violated' })
  })

  it('lets the agent make a corrected request', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite', { input: '{"cents":-1}' })
    trace.ok(trace.call('tool:refund', { input: '{"cents":1}' }))
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('lets the agent ask another tool the same', () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.ok(trace.call('tool:refund-by-hand'))
    expect(judge(trace)).toEqual({ kind: 'held' })
  })

  it('judges requests to the model too', () => {
    const trace = new TraceBuilder()
    trace.strike('model:m', 'definite')
    trace.strike('model:m', 'definite')
    expect(judge(trace)).toMatchObject({ kind: 'violated', signature: 'model:m' })
  })

  it('does not ask what a tool does inside itself', () => {
    const trace = new TraceBuilder()
    const tool = trace.call('tool:refund')
    trace.strike('effect:refund', 'definite', { parent: tool })
    trace.strike('effect:refund', 'definite', { parent: tool })
    trace.ok(tool)
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })

  it('does not ask it either where side by side calls hide which tool it was', () => {
    const trace = new TraceBuilder()
    trace.strike('effect:refund', 'definite')
    trace.strike('effect:refund', 'definite')
    expect(judge(trace)).toMatchObject({ kind: 'vacuous' })
  })
})

/** A turn in which the model asks for a refund, under the id; `history` is what it has been told. */
const ask = (trace: TraceBuilder, history: readonly Message[], toolCalls: readonly string[] = ['refund {}']) =>
  trace.reply(trace.call('model:m', { input: JSON.stringify(history), messages: history }), '', { toolCalls })

const says = (text: string): Message => ({ role: 'user', blocks: [{ kind: 'text', text }] })
const callOf = (id: string, name = 'refund'): Message => ({
  role: 'assistant',
  blocks: [{ kind: 'tool-call', id, name, input: {} }],
})
const handIn = (id: string, text: string): Message => ({
  role: 'user',
  blocks: [{ kind: 'tool-result', id, failed: false, text }],
})

/** The model asked for a refund, which was refused for good. */
function refuse(history: readonly Message[] = [says('Refund 42.')]): TraceBuilder {
  const trace = ask(new TraceBuilder(), history)
  trace.strike('tool:refund', 'definite')
  return trace
}

function refund(trace: TraceBuilder): TraceBuilder {
  return trace.ok(trace.call('tool:refund'))
}

describe('the model asks again', () => {
  const start = [says('Refund 42.')]

  it('and is to answer for it, where it was told of the error', () => {
    const on = [...start, callOf('a'), handIn('a', 'no such order')]
    expect(judge(refund(ask(refuse(start), on)))).toEqual({ kind: 'held' })
  })

  it('and the agent is to answer for it, where the conversation was started over', () => {
    expect(judge(refund(ask(refuse(start), start)))).toMatchObject({ kind: 'violated', signature: 'tool:refund' })
  })

  it('and the agent is to answer for it later in a conversation that was started over, under other ids', () => {
    const second = (id: string) => [...start, callOf(id, 'look'), handIn(id, 'an order')]
    const trace = refuse(second('a'))
    const first = () => ask(new TraceBuilder(), start, ['look {}'])
    const whole = first()
    whole.ok(whole.call('tool:look'), 'an order')
    ask(whole, second('a')).strike('tool:refund', 'definite')
    ask(whole, start, ['look {}'])
    whole.ok(whole.call('tool:look'), 'an order')
    expect(judge(refund(ask(whole, second('b'))))).toMatchObject({ kind: 'violated' })
    expect(judge(refund(ask(trace, second('b'))))).toMatchObject({ kind: 'violated' })
  })

  it('and the agent is to answer for it where only the time of day in the task is another', () => {
    const at = (time: string) => [says(`It is ${time}. Refund 42.`)]
    const judgeAt = (first: string, second: string) => judge(refund(ask(refuse(at(first)), at(second))))
    expect(judgeAt('2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z')).toMatchObject({ kind: 'violated' })
    expect(judgeAt('Monday', 'Tuesday')).toEqual({ kind: 'held' })
  })

  it('and is to answer for it in another task, or where it was told what had gone wrong', () => {
    expect(judge(refund(ask(refuse(start), [says('Refund 42 and 43.')])))).toEqual({ kind: 'held' })
    const summary = [says('Refund 42. The last try ended with: 400 no such order.')]
    expect(judge(refund(ask(refuse(start), summary)))).toEqual({ kind: 'held' })
  })

  it('and is not to answer for what the agent does after it said something else', () => {
    const trace = ask(refuse(start), [...start, callOf('a'), handIn('a', 'no such order')], [])
    expect(judge(refund(ask(trace, start)))).toMatchObject({ kind: 'violated' })
  })

  it('and is not to answer for a repetition by the agent after that', () => {
    const trace = ask(refuse(start), [...start, callOf('a'), handIn('a', 'no such order')])
    trace.strike('tool:refund', 'definite')
    expect(judge(refund(trace))).toMatchObject({ kind: 'violated', evidence: [9, 10] })
  })

  it('in a reply that was on its way when the error came, as of another flow', () => {
    const trace = ask(new TraceBuilder(), start)
    const beside = trace.call('model:m', { input: 'beside' })
    trace.strike('tool:refund', 'definite')
    trace.reply(beside, '', { toolCalls: ['refund {}'] })
    expect(judge(refund(trace))).toEqual({ kind: 'held' })
    expect(judge(refund(refund(trace)))).toEqual({ kind: 'held' })
  })

  const on = (id: string) => [...start, callOf(id), handIn(id, 'no such order')]
  const breakOff = (trace: TraceBuilder, id: string) => {
    const messages = on(id)
    return trace.breakOff(trace.call('model:m', { input: JSON.stringify(messages), messages }))
  }

  it('because the loop was started over, for the question that told of the error broke off', () => {
    const trace = breakOff(refuse(start), 'a')
    ask(trace, start).strike('tool:refund', 'definite')
    expect(judge(trace)).toEqual({ kind: 'held' })
    expect(judge(refund(ask(breakOff(trace, 'b'), start)))).toEqual({ kind: 'held' })
  })

  it('because the loop was started over, when the question that told of the error was answered after all', () => {
    const trace = ask(breakOff(refuse(start), 'a'), on('a'), [])
    expect(judge(refund(ask(trace, start)))).toMatchObject({ kind: 'violated' })
  })

  const askTwice = () => {
    const trace = ask(new TraceBuilder(), start, ['refund {}', 'refund {}'])
    trace.strike('tool:refund', 'definite')
    trace.strike('tool:refund', 'definite')
    return trace
  }

  it('twice in one reply, and both are made', () => {
    expect(judge(askTwice())).toEqual({ kind: 'held' })
  })

  it('twice in one reply, and what is done for each of both is done twice', () => {
    const write = (asks: readonly string[], times: number) => {
      const trace = ask(new TraceBuilder(), start, asks)
      for (let n = 0; n < times; n++) trace.strike('file:journal', 'definite')
      return judge(trace)
    }
    expect(write(['refund {}', 'refund {}'], 2)).toEqual({ kind: 'held' })
    expect(write(['refund {}', 'refund {}'], 3)).toMatchObject({ kind: 'violated' })
    expect(write(['refund {}', 'refund {"n":1}'], 2)).toMatchObject({ kind: 'violated' })
  })

  it('twice in one reply, and that of both which failed for the moment is tried again', () => {
    const trace = ask(new TraceBuilder(), start, ['refund {}', 'refund {}'])
    trace.strike('tool:refund', 'definite')
    trace.strike('tool:refund', 'transient')
    expect(judge(refund(trace))).toEqual({ kind: 'held' })
  })

  it('twice in one reply, and each of both writes the file more than once', () => {
    const write = (asks: readonly string[], times: number) => {
      const trace = ask(new TraceBuilder(), start, asks)
      trace.ok(trace.call('file:journal'), 'written')
      for (let n = 0; n < times; n++) trace.strike('file:journal', 'definite')
      return judge(trace)
    }
    expect(write(['refund {}', 'refund {}'], 2)).toEqual({ kind: 'held' })
    expect(write(['refund {}', 'refund {}'], 3)).toMatchObject({ kind: 'violated' })
    expect(write(['refund {}'], 2)).toMatchObject({ kind: 'violated' })
  })

  it('twice in one reply, and what got a false answer is sent again', () => {
    const site = 'http:POST pay.example/refunds'
    const send = (isFalse: boolean) => {
      const trace = ask(new TraceBuilder(), start, ['refund {}', 'refund {}'])
      const first = trace.call(site)
      if (isFalse) trace.fault(first, 'deceptive')
      trace.ok(first, 'done')
      for (let n = 0; n < 2; n++) trace.strike(site, 'definite')
      return judge(trace)
    }
    expect(send(true)).toEqual({ kind: 'held' })
    expect(send(false)).toMatchObject({ kind: 'violated' })
  })

  it('twice in one reply, and a third is the agent’s', () => {
    expect(judge(refund(askTwice()))).toMatchObject({ kind: 'violated' })
  })
})

describe('what the agent did in between', () => {
  const begin = () => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:look'), 'none')
    trace.strike('tool:refund', 'definite')
    return trace
  }

  it('excuses it where that may have fixed the cause, and not where it is a step once more', () => {
    const then = (site: string, output: string) => {
      const trace = begin()
      return judge(refund(trace.ok(trace.call(site), output)))
    }
    expect(then('tool:create-order', 'made')).toEqual({ kind: 'held' })
    expect(then('tool:look', 'one')).toEqual({ kind: 'held' })
    expect(then('tool:look', 'none')).toMatchObject({ kind: 'violated' })
  })

  it('excuses nothing where it failed, was begun before the error, or only wrote a file', () => {
    const failed = begin()
    failed.fail(failed.call('tool:create-order'))
    expect(judge(refund(failed))).toMatchObject({ kind: 'violated' })
    const before = new TraceBuilder()
    const other = before.call('tool:create-order')
    before.strike('tool:refund', 'definite')
    expect(judge(refund(before.ok(other)))).toMatchObject({ kind: 'violated' })
    const written = begin()
    written.ok(written.call('file:journal', { input: 'append: tried once' }))
    expect(judge(refund(written))).toMatchObject({ kind: 'violated' })
  })

  it('excuses nothing where all steps are done once more, be it that a change has another answer now', () => {
    const reserve = (trace: TraceBuilder, output: string) => {
      const tool = trace.call('tool:reserve')
      return trace.effect(tool, { kind: 'reserve' }).ok(tool, output)
    }
    const trace = reserve(new TraceBuilder(), 'reservation 1')
    trace.strike('tool:refund', 'definite')
    expect(judge(refund(reserve(trace, 'reservation 2')))).toMatchObject({ kind: 'violated' })
  })

  const judgeAfter = (times: number, status: number) => {
    const trace = new TraceBuilder()
    for (let n = 0; n < times; n++) trace.fail(trace.call('http:GET api.example.com'), 'definite', { status })
    return judge(trace.ok(trace.call('http:GET api.example.com')))
  }

  it('excuses one try more after a 401, for credentials stand in no trace', () => {
    expect(judgeAfter(1, 401)).toEqual({ kind: 'held' })
  })

  it('does not hold the agent to a 429, which says "later" by its status', () => {
    expect(judgeAfter(2, 429)).toMatchObject({ kind: 'vacuous' })
  })

  it('excuses no second try after a 401, and none after a 403', () => {
    expect(judgeAfter(2, 401)).toMatchObject({ kind: 'violated' })
    expect(judgeAfter(1, 403)).toMatchObject({ kind: 'violated' })
  })
})

describe('an agent that may not know of the error', () => {
  const crash = () => {
    const trace = new TraceBuilder()
    trace.strike('tool:refund', 'definite')
    trace.restart()
    trace.strike('tool:refund', 'definite')
    return trace
  }

  it('is one that crashed in between', () => {
    expect(judge(crash())).toEqual({ kind: 'held' })
  })

  it('is none that was told when it had been started again', () => {
    expect(judge(refund(crash()))).toMatchObject({ kind: 'violated' })
  })

  const late = (pauseMs: number, site = 'tool:refund', patienceMs = 1_000) => {
    const trace = new TraceBuilder()
    const slow = trace.call(site)
    trace.at(patienceMs).fail(slow, 'definite')
    return judge(trace.at(patienceMs + pauseMs).ok(trace.call(site)))
  }

  it('is one that may have given the tool up', () => {
    expect(late(500)).toMatchObject({ kind: 'vacuous' })
  })

  it('is none that went on at once, that had waited less, or whose client says what came', () => {
    expect(late(0)).toMatchObject({ kind: 'violated' })
    expect(late(500, 'tool:refund', 999)).toMatchObject({ kind: 'violated' })
    expect(late(500, 'http:POST api.example.com')).toMatchObject({ kind: 'violated' })
  })
})

/** Books an order for a customer whom the books may not know yet; `onRefusal` is what it does about a 422. */
const booking = (onRefusal: () => Promise<unknown>) =>
  defineScenario({
    name: 'booking',
    task: 'Book the order.',
    state: () => ({ customers: [] as string[], orders: 0 }),
    world: ({ state, http }) => {
      http.service(books, ({ url }) => {
        if (url.pathname === '/customers') state.customers.push('grace')
        else if (state.customers.length === 0) return { status: 422, json: { error: 'unknown customer' } }
        else state.orders++
        return { json: { ok: true } }
      })
      return { tools: {} }
    },
    model: script([say('unused')]),
    agent: async () => {
      for (let attempt = 1; attempt <= 2; attempt++) {
        const { ok } = await post('/orders', { customer: 'grace', cents: 4200 })
        if (ok) return 'booked'
        await onRefusal()
      }
      throw new Error('refused')
    },
    goal: ({ state }) => state.orders === 1,
    invariants: [permanentErrorsNotRetried()],
  })

const books = 'https://books.example.com'
const post = (path: string, body: unknown) =>
  fetch(`${books}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('a client of a service that answers 422', () => {
  const verdict = async (onRefusal: () => Promise<unknown>) =>
    verdictOf(await runTrial(booking(onRefusal)), 'permanent-errors-not-retried')

  it('may send the request again when it has done what was missing', async () => {
    expect(await verdict(() => post('/customers', { name: 'grace' }))).toEqual({ kind: 'held' })
  })

  it('may not when it has only waited', async () => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 600_000))
    expect(await verdict(wait)).toMatchObject({ kind: 'violated', signature: 'http:POST books.example.com/orders' })
  })
})
