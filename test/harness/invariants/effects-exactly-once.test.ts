/** Proves that side effects are counted per intent and step: never too many, and none missing where success is claimed. */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, runTrial, say, script, verdictOf } from 'agent-chaos'
import { effectsExactlyOnce } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import type { ServiceRequest } from '../../../harness/contracts/service.js'
import type { ExpectedIntent } from '../../../harness/contracts/trace.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const refund42 = { kind: 'refund', id: '42' }

const excused = { kind: 'vacuous', because: 'a fault that looks like success took effect' }

const judge = (builder: TraceBuilder, intents: readonly ExpectedIntent[] | null = null) =>
  effectsExactlyOnce().check(builder.build({ intents }), undefined)

/** A trace in which each entry is made by a tool call of its own. */
function ledger(...entries: Parameters<TraceBuilder['effect']>[1][]): TraceBuilder {
  const trace = new TraceBuilder()
  for (const entry of entries) {
    const crossing = trace.call('tool:refund')
    trace.effect(crossing, entry).ok(crossing)
  }
  return trace
}

describe('effects-exactly-once', () => {
  it('is held by one effect', () => {
    expect(judge(ledger({}).claim('success'))).toEqual({ kind: 'held' })
  })

  it('is vacuous where nothing was tried and nothing declared', () => {
    expect(judge(new TraceBuilder().turn().claim('success'))).toEqual({
      kind: 'vacuous',
      because: 'no side effect was tried',
    })
  })

  describe('duplicates', () => {
    it('are violations, told with every entry that shows it', () => {
      expect(judge(ledger({}, {}).claim('success'))).toEqual({
        kind: 'violated',
        signature: 'duplicated:refund',
        story:
          'refund was called again although it had gone well, without an idempotency key. "refund 42" took effect 2 times.',
        evidence: [1, 4],
        remedy: 'Make one idempotency key from the intent, and send it with every attempt.',
      })
    })

    it('are found whatever the agent claims, and where it never answered', () => {
      expect(judge(ledger({}, {}).claim('failure'))).toMatchObject({ kind: 'violated' })
      expect(judge(ledger({}, {}))).toMatchObject({ kind: 'violated' })
    })

    it('are found where the second one was applied after the agent had answered', () => {
      const trace = ledger({}).claim('success')
      trace.effect(0, {})
      expect(judge(trace)).toMatchObject({ kind: 'violated', signature: 'duplicated:refund' })
    })

    it('are not missed where they may happen and need not', () => {
      const may = [{ kind: 'refund', id: '42', may: true }] as const
      expect(judge(new TraceBuilder().claim('success'), may)).toEqual({ kind: 'held' })
      expect(judge(ledger({ intent: '42' }).claim('success'), may)).toEqual({ kind: 'held' })
      expect(judge(ledger({ intent: '43' }).claim('success'), may)).toMatchObject({ signature: 'unexpected:refund' })
      expect(judge(new TraceBuilder().claim('success'), [{ kind: 'refund', id: '42' }])).toMatchObject({
        signature: 'missing:refund',
      })
    })

    it('are not two equal effects that serve two intents', () => {
      expect(judge(ledger({ intent: '42' }, { intent: '43' }).claim('success'))).toEqual({ kind: 'held' })
    })

    it('are not effects of two kinds under one id', () => {
      expect(judge(ledger({ kind: 'refund' }, { kind: 'email' }).claim('success'))).toEqual({ kind: 'held' })
    })

    it('keep apart what only looks the same when kind and id are joined', () => {
      const trace = ledger({ kind: 'a b', intent: 'c' }, { kind: 'a', intent: 'b c' })
      expect(judge(trace.claim('success'))).toEqual({ kind: 'held' })
    })

    it('are not replays and refusals, which change nothing', () => {
      const trace = ledger({}, { status: 'replayed' }, { status: 'refused' }, { status: 'replayed' })
      expect(judge(trace.claim('success'))).toEqual({ kind: 'held' })
    })

    it('are not a change left half done and resumed', () => {
      const half = { status: 'partial', steps: [0], total: 2 } as const
      expect(judge(ledger(half, { steps: [1], total: 2 }).claim('success'))).toEqual({ kind: 'held' })
    })

    it('are a change left half done and run again from its beginning', () => {
      const half = { status: 'partial', steps: [0], total: 2 } as const
      expect(judge(ledger(half, { steps: [0, 1], total: 2 }).claim('success'))).toEqual({
        kind: 'violated',
        signature: 'duplicated:refund',
        story: expect.stringContaining('"refund 42" took effect in part 2 times.'),
        evidence: [1, 4],
        remedy: expect.any(String),
      })
    })

    it('are found among other intents', () => {
      const trace = ledger({ intent: '1' }, { intent: '2' }, { intent: '1' }, { intent: '3' })
      expect(judge(trace.claim('success'))).toMatchObject({
        story: expect.stringContaining('"refund 1" took effect 2 times.'),
        evidence: [1, 7],
      })
    })
  })

  describe('a change that is made again', () => {
    /** A refund, a false answer to another call if there is one, and the refund once more. */
    const again = (struck: 'tool:refund' | 'tool:lookup') => {
      const trace = new TraceBuilder()
      const first = trace.call('tool:refund')
      trace.effect(first)
      if (struck === 'tool:refund') trace.fault(first, 'deceptive', {}, ['rewrite'])
      trace.ok(first, {})
      const lookup = trace.call('tool:lookup')
      if (struck === 'tool:lookup') trace.fault(lookup, 'deceptive', {}, ['rewrite'])
      trace.ok(lookup)
      const second = trace.call('tool:refund')
      return trace.effect(second).ok(second).claim('success')
    }

    it('because its own answer was empty or odd is one time too many', () => {
      expect(judge(again('tool:refund'))).toMatchObject({ kind: 'violated', signature: 'duplicated:refund' })
    })

    it('because it was looked up, and the answer to that was false, does not count against the agent', () => {
      expect(judge(again('tool:lookup'))).toEqual(excused)
    })
  })

  describe('a request that comes when its key has been forgotten', () => {
    /** Given up, made again, and carried out in the end all the same. */
    const holdUp = (keys: readonly [string | null, string | null], action: 'late' | 'drop' = 'late') => {
      const trace = new TraceBuilder()
      const slow = trace.call('tool:refund')
      trace.fault(slow, 'indeterminate', {}, [action]).fail(slow, 'indeterminate')
      const retry = trace.at(10_000).call('tool:refund')
      trace.effect(retry, { key: keys[0] }).ok(retry)
      return trace.at(700_000).effect(slow, { key: keys[1] }).claim('success')
    }

    it('does not count against the agent', () => {
      expect(judge(holdUp(['k', 'k']), [refund42])).toEqual({ kind: 'held' })
    })

    it('is, where nothing had held it up', () => {
      expect(judge(holdUp(['k', 'k'], 'drop'))).toMatchObject({ kind: 'violated', signature: 'duplicated:refund' })
    })

    it('is, where it had another key or none', () => {
      expect(judge(holdUp(['k', 'l']))).toMatchObject({ kind: 'violated' })
      expect(judge(holdUp([null, null]))).toMatchObject({ kind: 'violated' })
    })
  })

  describe('an indeterminate effect', () => {
    it('may have been applied where the agent reports failure', () => {
      expect(judge(ledger({}).claim('failure'), [refund42])).toEqual({ kind: 'held' })
    })

    it('may be absent where the agent reports failure', () => {
      const trace = new TraceBuilder()
      trace.strike('tool:refund', 'indeterminate')
      expect(judge(trace.claim('failure'), [refund42])).toMatchObject({ kind: 'vacuous' })
    })
  })

  describe('declared intents', () => {
    it('make anything else unexpected', () => {
      expect(judge(ledger({}, { intent: '43' }).claim('success'), [refund42])).toEqual({
        kind: 'violated',
        signature: 'unexpected:refund',
        story: '"refund 43" took effect, and the task does not call for it.',
        evidence: [4],
        remedy: 'Check what the model asks for, its name and each field, before you do it.',
      })
    })

    it('make everything unexpected where there are none', () => {
      expect(judge(ledger({}).claim('success'), [])).toMatchObject({ signature: 'unexpected:refund' })
    })

    it('are missed where the agent claims success without them', () => {
      expect(judge(new TraceBuilder().turn().claim('success'), [refund42])).toEqual({
        kind: 'violated',
        signature: 'missing:refund',
        story: 'The agent claims success, and "refund 42" never took effect.',
        evidence: [2],
        remedy: 'Look at what took effect before you claim success, whatever the model says last.',
      })
    })

    it('are missed where all attempts were refused', () => {
      const trace = ledger({ status: 'refused' }).claim('success')
      expect(judge(trace, [refund42])).toMatchObject({ signature: 'missing:refund' })
    })

    it('are not missed where the agent does not claim success', () => {
      for (const claim of ['failure', 'degraded'] as const) {
        expect(judge(new TraceBuilder().turn().claim(claim), [refund42])).toMatchObject({ kind: 'vacuous' })
      }
    })

    it('are not missed where a fault pretended success', () => {
      const trace = new TraceBuilder()
      const crossing = trace.call('tool:refund')
      trace.fault(crossing, 'deceptive').ok(crossing).claim('success')
      expect(judge(trace, [refund42])).toEqual(excused)
    })

    it('are not unexpected to an agent that was told something false before it made the change', () => {
      const trace = new TraceBuilder()
      const lookup = trace.call('tool:lookup')
      trace.fault(lookup, 'deceptive', {}, ['rewrite']).ok(lookup)
      const refund = trace.call('tool:refund')
      trace.effect(refund, { intent: '43' }).ok(refund).claim('failure')
      expect(judge(trace, [refund42])).toEqual(excused)
    })

    it('are unexpected where the false answer came later, or only told the model what to do', () => {
      const late = ledger({ intent: '43' })
      late.fault(late.call('tool:lookup'), 'deceptive').claim('failure')
      const poisoned = new TraceBuilder()
      const lookup = poisoned.call('tool:lookup')
      poisoned.poison(lookup).ok(lookup)
      const refund = poisoned.call('tool:refund')
      poisoned.effect(refund, { intent: '43' }).ok(refund).claim('failure')
      for (const trace of [late, poisoned]) {
        expect(judge(trace, [refund42])).toMatchObject({ kind: 'violated', signature: 'unexpected:refund' })
      }
    })

    const askFor = (trace: TraceBuilder, order: string, mistaken: boolean) => {
      const model = trace.call('model:m')
      if (mistaken) trace.mistake(model)
      trace.reply(model, '', { toolCalls: [`refund {"order":"${order}"}`] })
      const refund = trace.call('tool:refund', { input: JSON.stringify({ order }) })
      return trace.effect(refund, { intent: order }).ok(refund)
    }

    it('are not unexpected, and others not missed, where a fault made the model ask for them', () => {
      const trace = askFor(new TraceBuilder(), '43', true).claim('success')
      expect(judge(trace, [refund42])).toEqual(excused)
    })

    it('are unexpected where the model asked for them without a fault, too, or for something else', () => {
      const asked = askFor(askFor(new TraceBuilder(), '43', true), '43', false)
      expect(judge(asked.claim('failure'), [refund42])).toMatchObject({ signature: 'duplicated:refund' })
      const own = new TraceBuilder()
      const model = own.call('model:m')
      own.mistake(model).reply(model, '', { toolCalls: ['refund {"order":"44"}'] })
      const refund = own.call('tool:refund', { input: '{"order":"43"}' })
      own.effect(refund, { intent: '43' }).ok(refund)
      expect(judge(own.claim('failure'), [refund42])).toMatchObject({ signature: 'unexpected:refund' })
    })

    it('put the invariant to the test where the agent claims success and nothing had to be done', () => {
      expect(judge(new TraceBuilder().turn().claim('success'), [])).toEqual({ kind: 'held' })
    })
  })
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Refunds through a service that takes `toolMs`, giving each call `patienceMs` and two tries. */
const impatient = (patienceMs: number, key?: string) =>
  defineScenario({
    name: 'impatient',
    task: 'Refund order 42.',
    state: () => ({ refunds: 0 }),
    world: ({ state, effect }) => ({
      tools: {
        refund: async () => {
          await sleep(20_000)
          return effect({ kind: 'refund', intent: 42, key }, () => {
            state.refunds++
          })
        },
      },
    }),
    // The agent calls its tool by itself.
    model: script([say('Refunded.')]),
    agent: async ({ tools }) => {
      const once = () => Promise.race([tools.refund(), sleep(patienceMs).then(() => Promise.reject(new Error('late')))])
      await once().catch(once)
      return 'done'
    },
    goal: ({ state }) => state.refunds === 1,
  })

describe('what an agent gave up waiting for', () => {
  it('is judged all the same, although it comes to pass after the agent went on', async () => {
    const trial = await runTrial(impatient(15_000))
    expect(trial.state).toEqual({ refunds: 2 })
    expect(verdictOf(trial, 'effects-exactly-once')).toMatchObject({ kind: 'violated', signature: 'duplicated:refund' })
  })

  it('does no harm under a key', async () => {
    const trial = await runTrial(impatient(15_000, 'refund-42'))
    expect(trial.state).toEqual({ refunds: 1 })
    expect(verdictOf(trial, 'effects-exactly-once')).toEqual({ kind: 'held' })
  })
})

/** Orders the same thing twice, on purpose: two equal calls in one answer of the model. */
const twoEqualOrders = defineScenario({
  name: 'two-equal-orders',
  task: 'Order the book for Ann and for Ben.',
  state: () => ({ orders: 0 }),
  world: ({ state, effect }) => {
    const lines = ['ann', 'ben']
    return {
      tools: { order: async () => effect({ kind: 'order', intent: lines.shift() ?? 'nobody' }, () => state.orders++) },
    }
  },
  model: script([[call('order', { book: 'Dune' }), call('order', { book: 'Dune' })], say('Ordered.')]),
  agent: async ({ task, tools }) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    const request = {
      model: 'claude-opus-5-5',
      max_tokens: 99,
      messages,
      tools: [{ name: 'order', input_schema: { type: 'object' as const } }],
    }
    const reply = await new Anthropic().messages.create(request)
    for (const block of reply.content) if (block.type === 'tool_use') await tools.order()
  },
  goal: ({ state }) => state.orders === 2,
  intents: [
    { kind: 'order', id: 'ann' },
    { kind: 'order', id: 'ben' },
  ],
})

describe('two equal legitimate orders', () => {
  it('are two intents and no duplicate', async () => {
    expect(verdictOf(await runTrial(twoEqualOrders), 'effects-exactly-once')).toEqual({ kind: 'held' })
  })
})

/** Puts a document and, where no answer comes, puts it again, which HTTP lets every client do. */
const publishing = (tells: boolean) =>
  defineScenario({
    name: 'publishing',
    task: 'Publish the page.',
    state: () => ({ page: '' }),
    world: ({ state, http }) => {
      const handler = ({ body }: ServiceRequest) => {
        const changed = state.page !== body
        state.page = body
        return { status: changed ? 201 : 200, ...(tells && { changed }) }
      }
      http.service('https://pages.example.com', handler, { intent: () => ({ kind: 'page', intent: 'home' }) })
      return {}
    },
    model: script([say('Published.')]),
    agent: async ({ task }) => {
      const put = () => fetch('https://pages.example.com/home', { method: 'PUT', body: task })
      await put().catch(put)
    },
    goal: ({ state }) => state.page !== '',
    intents: [{ kind: 'page', id: 'home' }],
  })

describe('a write that is idempotent by nature, made again because its answer was lost,', () => {
  const plan = 'http:"PUT pages.example.com/home"#1 = http/reply-lost(symptom: "reset")'
  const judge = async (tells: boolean) => verdictOf(await runTrial(publishing(tells), { plan }), 'effects-exactly-once')

  it('is one change where the service says that it found it made', async () => {
    expect(await judge(true)).toEqual({ kind: 'held' })
  })

  it('is two where nobody says so', async () => {
    expect(await judge(false)).toMatchObject({ kind: 'violated', signature: 'duplicated:page' })
  })
})
