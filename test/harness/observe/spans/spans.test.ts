/** Proves that a trial sees the agent's own spans as they are, whoever made the tracer, and gives everything back. */
import 'agent-chaos/register'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import {
  type AgentContext,
  defineScenario,
  runTrial,
  say,
  script,
  type Trial,
  type TrialSettings,
  verdictOf,
} from 'agent-chaos'
import { traceComplete } from 'agent-chaos/invariants'
import { afterEach, describe, expect, it } from 'vitest'
import type { EventOf } from '../../../../harness/contracts/trace.js'
import { create, finalMessage, loop, refunding, toolRunner } from '../../../support/trial/agents.js'

type Tools = { put(what: string): Promise<string> }
type Agent = (context: AgentContext<unknown, Tools>) => Promise<unknown>

/** As modules hold on to theirs. */
const early = trace.getTracer('early', '1.0')

const registry = Symbol.for('opentelemetry.js.api.1')
const registrations = () => ({ ...(Reflect.get(globalThis, registry) as Record<string, unknown> | undefined) })

function scenario(agent: Agent, invariants = [traceComplete()]) {
  return defineScenario<undefined, Tools>({
    name: 'spans',
    task: 'Put.',
    world: ({ effect }) => ({
      tools: { put: (what) => effect({ kind: 'put', intent: what, key: what }, () => 'put') },
    }),
    model: script([say('unused')]),
    agent,
    goal: () => true,
    invariants,
  })
}

const spansIn = ({ trace }: Trial) => trace.events.filter((event): event is EventOf<'span'> => event.kind === 'span')

async function spansOf(agent: Agent, settings?: TrialSettings) {
  return spansIn(await runTrial(scenario(agent), settings))
}

afterEach(() => {
  trace.disable()
  context.disable()
})

describe('a span', () => {
  it('is recorded when it ends, with all that was said of it', async () => {
    const [span, ...more] = await spansOf(async () => {
      await sleep(100)
      const span = trace
        .getTracer('mine')
        .startSpan('first', { kind: SpanKind.CLIENT, attributes: { a: 1, b: [true] } })
      await sleep(50)
      span.setAttributes({ c: 'x', a: 2 }).updateName('chat m').setStatus({ code: SpanStatusCode.OK })
      span.addEvent('event').addLink({ context: span.spanContext() }).recordException(new Error('oops'))
      span.end()
      span.setAttribute('late', 1).setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    })
    expect(more).toEqual([])
    expect(span).toEqual({
      kind: 'span',
      at: 150,
      span: 0,
      parent: null,
      trace: 0,
      name: 'chat m',
      scope: 'mine',
      role: 'client',
      startMs: 100,
      endMs: 150,
      attributes: { a: 2, b: [true], c: 'x' },
      status: 'ok',
    })
  })

  it('is not where it never ends', async () => {
    expect(await spansOf(async () => void early.startSpan('open'))).toEqual([])
  })

  it('has OpenTelemetry\'s rules for statuses: "ok" is final, and "unset" takes nothing back', async () => {
    const spans = await spansOf(async () => {
      for (const codes of [[2], [2, 1], [1, 2], [2, 0]]) {
        const span = early.startSpan(codes.join())
        for (const code of codes) span.setStatus({ code })
        span.end()
      }
    })
    expect(spans.map(({ name, status }) => [name, status])).toEqual([
      ['2', 'error'],
      ['2,1', 'ok'],
      ['1,2', 'ok'],
      ['2,0', 'error'],
    ])
  })

  it('keeps what is plain and the same on every machine', async () => {
    const odd = { now: new Date(), nested: { a: 1 }, none: undefined, big: Number.NaN, 'code.filepath': '/home/x' }
    const [span] = await spansOf(async () => {
      const attributes = { ...odd, 'process.pid': 7, 'exception.stacktrace': 'at x', list: ['a', null] }
      early.startSpan('odd', { attributes: attributes as never }).end()
    })
    expect(span?.attributes).toEqual({ list: ['a', null] })
  })

  it('is in virtual time whatever the wall clock does, and whichever clock it is given', async () => {
    const [plain, dated, ticked] = await spansOf(
      async ({ tools }) => {
        await sleep(1_000)
        const span = early.startSpan('plain')
        await tools.put('a')
        span.end()
        const given = early.startSpan('dated', { startTime: new Date(Date.now() - 400) })
        given.end(Date.now() - 100)
        early.startSpan('ticked', { startTime: performance.now() - 300 }).end([0, 1e9])
      },
      { plan: 'tool:put#1 = clock/jump(by: 3600000)' },
    )
    expect([plain?.startMs, plain?.endMs]).toEqual([1_000, 1_000])
    expect([dated?.startMs, dated?.endMs]).toEqual([600, 900])
    expect([ticked?.startMs, ticked?.endMs]).toEqual([700, 1_000])
  })
})

describe('parents', () => {
  const namesOf = (spans: readonly EventOf<'span'>[]) =>
    spans.map(({ span, parent, trace, name }) => [name, span, parent, trace])

  it('are found across awaits, timers and flows side by side', async () => {
    const child = async (name: string, ms: number) => {
      await sleep(ms)
      return new Promise<void>((resolve) =>
        setTimeout(() => {
          early.startSpan(name).end()
          resolve()
        }, ms),
      )
    }
    const spans = await spansOf(() =>
      early.startActiveSpan('root', async (root) => {
        const flows = [2, 1].map((ms) =>
          early.startActiveSpan(`flow ${ms}`, { attributes: { ms } }, async (span) => {
            await child(`in ${ms}`, ms * 10)
            span.end()
          }),
        )
        await Promise.all(flows)
        root.end()
        early.startSpan('alone', { root: true }).end()
        early.startSpan('other', {}, ROOT_CONTEXT).end()
      }),
    )
    expect(namesOf(spans)).toEqual([
      ['in 1', 3, 2, 0],
      ['flow 1', 2, 0, 0],
      ['in 2', 4, 1, 0],
      ['flow 2', 1, 0, 0],
      ['root', 0, null, 0],
      ['alone', 5, null, 1],
      ['other', 6, null, 2],
    ])
  })

  it("may be handed on as ids, and those of somebody else's traces are none of ours", async () => {
    const spans = await spansOf(async () => {
      const root = early.startSpan('root')
      const carried = trace.setSpanContext(ROOT_CONTEXT, { ...root.spanContext(), isRemote: true })
      early.startSpan('carried', {}, carried).end()
      const foreign = { traceId: 'f'.repeat(32), spanId: '0000000000000001', traceFlags: 1 }
      const within = trace.setSpanContext(ROOT_CONTEXT, foreign)
      for (const name of ['one', 'two']) early.startSpan(name, {}, within).end()
      root.end()
    })
    expect(namesOf(spans)).toEqual([
      ['carried', 1, 0, 0],
      ['one', 2, null, 1],
      ['two', 3, null, 1],
      ['root', 0, null, 0],
    ])
  })

  it('are bound to functions, and asked for where work is not to be traced', async () => {
    const suppressed = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')
    const spans = await spansOf(async () => {
      const root = early.startSpan('root')
      const bound = context.bind(trace.setSpan(context.active(), root), () => early.startSpan('bound').end())
      bound()
      context.with(context.active().setValue(suppressed, true), () => early.startSpan('quiet').end())
      root.end()
    })
    expect(namesOf(spans)).toEqual([
      ['bound', 1, 0, 0],
      ['root', 0, null, 0],
    ])
  })
})

describe('after a crash', () => {
  const crashing = (attempts: (attempt: number) => Promise<void>) =>
    spansOf(
      async ({ tools, attempt }) => {
        await early.startActiveSpan(`run ${attempt}`, async (span) => {
          early.startSpan(`step ${attempt}`).end()
          await tools.put('a')
          span.end()
        })
        await attempts(attempt)
      },
      { plan: 'tool:put#1 = process/crash' },
    )

  it('what was open is not recorded, and the next start has traces of its own', async () => {
    const spans = await crashing(async () => {})
    expect(spans.map(({ name, parent, trace }) => [name, parent, trace])).toEqual([
      ['step 1', 0, 0],
      ['step 2', 2, 1],
      ['run 2', null, 1],
    ])
  })

  it('a trace that was kept can be gone on with', async () => {
    let kept = ROOT_CONTEXT
    const spans = await spansOf(
      async ({ tools, attempt }) => {
        const span = early.startSpan(`run ${attempt}`, {}, kept)
        kept = trace.setSpanContext(ROOT_CONTEXT, span.spanContext())
        await tools.put('a')
        span.end()
      },
      { plan: 'tool:put#1 = process/crash' },
    )
    expect(spans.map(({ name, parent, trace }) => [name, parent, trace])).toEqual([['run 2', null, 0]])
  })

  it('an agent starts outside every async context of the one before', async () => {
    const storage = new AsyncLocalStorage<number>()
    const seen: unknown[] = []
    await runTrial(
      scenario(async ({ tools, attempt }) => {
        seen.push(storage.getStore())
        await storage.run(attempt, () => tools.put('a'))
      }, []),
      { plan: 'tool:put#1 = process/crash' },
    )
    expect(seen).toEqual([undefined, undefined])
  })
})

describe('what a trial leaves alone', () => {
  it('is every scenario that needs no spans', async () => {
    const { events } = (await runTrial(scenario(async () => early.startSpan('a').end(), []))).trace
    expect(events.map(({ kind }) => kind)).toEqual(['claim', 'end'])
  })

  it("is the agent's own chance", async () => {
    const draw = (invariants: ReturnType<typeof traceComplete>[]) => {
      const draws: unknown[] = []
      const agent: Agent = async () => {
        early.startSpan('a').end()
        draws.push(Math.random(), crypto.randomUUID())
      }
      return runTrial(scenario(agent, invariants)).then(() => draws)
    }
    expect(await draw([traceComplete()])).toEqual(await draw([]))
  })

  it('is the global API, which is as it was afterwards', async () => {
    const before = registrations()
    let within: unknown
    await spansOf(async () => {
      within = registrations()
      early.startActiveSpan('a', (span) => span.end())
    })
    expect(Object.keys(within as object)).toEqual(expect.arrayContaining(['trace', 'context']))
    expect(registrations()).toEqual({ ...before, version: expect.any(String) })
    expect(early.startSpan('outside').isRecording()).toBe(false)
    expect(trace.getTracer('late').startSpan('outside').isRecording()).toBe(false)
  })
})

describe("a provider of the agent's own", () => {
  const provider = (exporter: InMemorySpanExporter) =>
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

  it('that was registered before is set aside for the trial, and given back', async () => {
    const exporter = new InMemorySpanExporter()
    const own = provider(exporter)
    const before = trace.getTracer('before')
    trace.setGlobalTracerProvider(own)
    const after = trace.getTracer('after')
    const tracers = [before, after]
    const slot = registrations()
    const spans = await spansOf(() =>
      after.startActiveSpan('root', async (root) => {
        for (const tracer of tracers) tracer.startSpan('within').end()
        root.end()
      }),
    )
    expect(spans.map(({ name, scope, parent }) => [name, scope, parent])).toEqual([
      ['within', 'before', 0],
      ['within', 'after', 0],
      ['root', 'after', null],
    ])
    expect(exporter.getFinishedSpans()).toEqual([])
    expect(registrations()).toEqual(slot)
    for (const tracer of [...tracers, trace.getTracer('new')]) tracer.startSpan('outside').end()
    expect(exporter.getFinishedSpans().map(({ instrumentationScope: { name } }) => name)).toEqual([
      'before',
      'after',
      'new',
    ])
  })

  it('that is registered in the middle of a trial is refused, as any second one is', async () => {
    const exporter = new InMemorySpanExporter()
    let accepted: boolean | undefined
    const spans = await spansOf(async () => {
      accepted = trace.setGlobalTracerProvider(provider(exporter))
      trace.getTracer('a').startSpan('a').end()
    })
    expect(accepted).toBe(false)
    expect(spans).toHaveLength(1)
    expect(exporter.getFinishedSpans()).toEqual([])
  })

  it("that takes the place of the trial's by force has the spans, until the trial is over", async () => {
    const exporter = new InMemorySpanExporter()
    const spans = await spansOf(async () => {
      trace.disable()
      trace.setGlobalTracerProvider(provider(exporter))
      trace.getTracer('a').startSpan('a').end()
    })
    expect(spans).toEqual([])
    expect(exporter.getFinishedSpans()).toHaveLength(1)
    expect(registrations()).not.toHaveProperty('trace')
    expect(await spansOf(async () => early.startSpan('next').end())).toHaveLength(1)
  })
})

describe("the vendor's own spans", () => {
  const root =
    (agent: ReturnType<typeof loop>): ReturnType<typeof loop> =>
    (context) =>
      early.startActiveSpan('invoke_agent a', (span) => agent(tracing(context)).finally(() => span.end()))
  const tracing = (context: Parameters<ReturnType<typeof loop>>[0]): typeof context => ({
    ...context,
    tools: {
      refund: (order) => {
        const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'refund' }
        return early.startActiveSpan('execute_tool refund', { attributes }, (span) =>
          context.tools.refund(order).finally(() => span.end()),
        )
      },
    },
  })

  it.each([
    ['create', root(loop(create))],
    ['stream', root(loop(finalMessage))],
    ['tool runner', toolRunner()],
    ['streaming tool runner', toolRunner({ stream: true, thread: false })],
  ])('make a complete trace: %s', async (_name, agent) => {
    const traced = { ...refunding(agent).scenario, invariants: [traceComplete()] }
    for (const plan of ['', 'model:*#1 = model/overloaded', 'model:*#2 = model/connection-reset']) {
      const trial = await runTrial(traced, { plan })
      expect([plan, verdictOf(trial, 'trace-complete')]).toEqual([plan, { kind: 'held' }])
      expect((await runTrial(traced, { plan })).digest).toBe(trial.digest)
    }
  })

  it('leave a trace in pieces where nothing holds them together', async () => {
    const traced = { ...refunding(loop(create)).scenario, invariants: [traceComplete()] }
    expect(verdictOf(await runTrial(traced), 'trace-complete')).toMatchObject({ kind: 'violated' })
  })
})

describe('an agent without spans', () => {
  it('is told so', async () => {
    const untraced = scenario(async ({ tools }) => void (await tools.put('a')))
    expect(verdictOf(await runTrial(untraced), 'trace-complete')).toMatchObject({ signature: 'untraced' })
  })
})
