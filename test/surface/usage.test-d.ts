/**
 * What users write, against the types that they get. Only the compiler reads this (`npm run types`): what is to compile
 * compiles, and what is wrong stands below `@ts-expect-error`, which is an error itself where the line below is none.
 */
import {
  type AgentContext,
  type AnyScenario,
  assertResilient,
  type Config,
  call,
  crossingsOf,
  defineConfig,
  defineScenario,
  type EffectFunction,
  type EventOf,
  type Executors,
  faultPlans,
  isResilienceError,
  isUserError,
  type ModelEndpoint,
  type OpenExecutors,
  policy,
  type Report,
  runCampaign,
  runTrial,
  type ScenarioReport,
  say,
  script,
  type Trace,
  type Trial,
  type TrialRecord,
  type TrialSpec,
} from 'agent-chaos'
import { type ActionAt, defineFault, type Fault, type Plan } from 'agent-chaos/faults'
import { always, breakerTrips, held, type Invariant, invariant, never, type Verdict } from 'agent-chaos/invariants'
import {
  type Api,
  type ModelCall,
  type Provider,
  type ProviderSession,
  prefixedCallIds,
  providerLaws,
  type Reply,
  type Subject,
  simulatedKeyMark,
  type WireAnswer,
} from 'agent-chaos/provider-kit'
import { type Render, type Reporter, terminal } from 'agent-chaos/reports'
import 'agent-chaos/vitest'
import { expect, expectTypeOf, test } from 'vitest'

interface Shop {
  orders: { id: string; refunded: boolean }[]
}

const scenario = defineScenario({
  name: 'refund',
  task: 'Refund order A1.',
  state: (): Shop => ({ orders: [{ id: 'A1', refunded: false }] }),
  world: ({ state, effect }) => {
    expectTypeOf(state).toEqualTypeOf<Shop>()
    expectTypeOf(effect).toEqualTypeOf<EffectFunction>()
    return {
      tools: {
        refund: ({ id }: { id: string }) => effect({ kind: 'refund', intent: id }, () => ({ ok: true })),
      },
    }
  },
  model: script([call('refund', { id: 'A1' }), say('Done.')]),
  agent: async (context) => {
    const { tools, state, endpoints, signal, attempt } = context
    expectTypeOf(state).toEqualTypeOf<Shop>()
    expectTypeOf(await tools.refund({ id: 'A1' })).toEqualTypeOf<{ ok: boolean }>()
    expectTypeOf(endpoints.anthropic).toEqualTypeOf<ModelEndpoint>()
    expectTypeOf(endpoints.openai).toEqualTypeOf<ModelEndpoint>()
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(attempt).toEqualTypeOf<number>()
    // @ts-expect-error The world has no such tool.
    tools.refunds
    // @ts-expect-error An order's id is a string.
    tools.refund({ id: 1 })
  },
  goal: ({ state, result }) => {
    expectTypeOf(result).toEqualTypeOf<unknown>()
    return state.orders.every(({ refunded }) => refunded)
  },
  claims: (result: { readonly ok: boolean }) => (result.ok ? 'success' : 'failure'),
  faults: ['tool/reply-lost', 'transient'],
})

test('defineScenario infers the state and the tools', () => {
  expectTypeOf(scenario.state).returns.toEqualTypeOf<Shop>()
  expectTypeOf(scenario).toExtend<AnyScenario>()
  expectTypeOf<Parameters<typeof scenario.agent>[0]>().toExtend<AgentContext<Shop, object>>()
})

test('a scenario without a state or tools has none', () => {
  defineScenario({
    name: 'plain',
    task: 'Say hello.',
    model: policy(() => 'hello'),
    agent: ({ state }) => expectTypeOf(state).toEqualTypeOf<undefined>(),
    goal: () => true,
  })
})

test('what a scenario lacks or has wrong does not compile', () => {
  const whole = { name: 'x', task: 'x', model: script([say('x')]), agent: () => {}, goal: () => true }
  defineScenario(whole)
  const { goal: _, ...goalless } = whole
  // @ts-expect-error A scenario has a goal.
  defineScenario(goalless)
  // @ts-expect-error A goal comes to a boolean.
  defineScenario({ ...whole, goal: () => 'yes' })
  // @ts-expect-error There is no such claim.
  defineScenario({ ...whole, claims: () => 'perfect' })
  defineScenario({
    ...whole,
    // @ts-expect-error There is no such option.
    agnet: () => {},
  })
})

test('trials and campaigns take options by name, and come to trials and reports', async () => {
  expectTypeOf(runTrial(scenario)).resolves.toEqualTypeOf<Trial>()
  expectTypeOf(runTrial(scenario, { seed: 3, plan: 'tool:refund#1 = tool/reply-lost' })).resolves.toEqualTypeOf<Trial>()
  expectTypeOf(runCampaign({ files: ['a.chaos.ts'], trialsMax: 10 })).resolves.toEqualTypeOf<Report>()
  expectTypeOf(assertResilient(scenario, { trialsMax: 10 })).resolves.toEqualTypeOf<void>()
  const plans = await faultPlans(scenario)
  expectTypeOf(plans.generate).returns.toHaveProperty('value')
  const plan: Plan = []
  runTrial(scenario, { plan })
  // @ts-expect-error A seed is a number.
  runTrial(scenario, { seed: '3' })
  // @ts-expect-error A campaign names its files.
  runCampaign({})
  // @ts-expect-error There is no such option.
  assertResilient(scenario, { numRuns: 10 })
})

test('a configuration is checked', () => {
  expectTypeOf(defineConfig({ seed: 7 })).toEqualTypeOf<Config>()
  // @ts-expect-error A seed is a number.
  defineConfig({ seed: 'seven' })
})

test('errors are told apart by their recognisers and their codes', () => {
  const error: unknown = undefined
  if (isUserError(error)) {
    expectTypeOf(error.code).toEqualTypeOf<'AGENT_CHAOS_USAGE'>()
    expectTypeOf(error.where).toEqualTypeOf<string | undefined>()
    // @ts-expect-error A mistake of the user has no report.
    error.report
  }
  if (isResilienceError(error)) {
    expectTypeOf(error.code).toEqualTypeOf<'AGENT_CHAOS_NOT_RESILIENT'>()
    expectTypeOf(error.report).toExtend<Omit<ScenarioReport, 'environment' | 'timing'>>()
  }
})

test('matchers take the name of an invariant', async () => {
  const trial = await runTrial(scenario)
  expect(trial).toHold('effects-exactly-once')
  expect(trial).not.toHold('effects-exactly-once', { landed: 'some' })
  // @ts-expect-error An invariant is named.
  expect(trial).toHold()
  // @ts-expect-error All of them or some.
  expect(trial).toHold('effects-exactly-once', { landed: 'none' })
})

test('an invariant of one’s own reads the trace and the state', () => {
  const own = invariant<Shop>('one-refund', (trace, state) => {
    expectTypeOf(trace).toEqualTypeOf<Trace>()
    expectTypeOf(state).toEqualTypeOf<Shop>()
    const [crossing] = crossingsOf(trace)
    expectTypeOf(crossing?.call).toEqualTypeOf<EventOf<'call'> | undefined>()
    return trace.spend.toolCalls < 3 || 'It called three times.'
  })
  expectTypeOf(own).toEqualTypeOf<Invariant>()
  never('no-delete', 'call', (event) => {
    expectTypeOf(event).toEqualTypeOf<EventOf<'call'>>()
    return event.site.target === 'delete'
  })
  const written: Invariant = {
    name: 'written',
    kind: 'liveness',
    promise: 'It does.',
    antecedent: 'Always.',
    example: 'It did not.',
    check: (): Verdict => held,
  }
  defineScenario({ ...scenarioParts, invariants: [own, written, breakerTrips({ turns: 5 })] })
  // @ts-expect-error A check does not come to a number.
  invariant('numbered', () => 1)
  // @ts-expect-error A promise is the user's mistake: checks answer at once.
  invariant('later', async () => true)
  // @ts-expect-error There is no such kind of event.
  always('no-kind', 'calls', () => true)
  // @ts-expect-error A limit is a number.
  breakerTrips({ turns: '5' })
})

const scenarioParts = { name: 'x', task: 'x', model: script([say('x')]), agent: () => {}, goal: () => true }

test('a fault of one’s own makes only actions that its boundaries carry out', () => {
  const own = defineFault({
    name: 'tool/sleepy',
    summary: 'The tool takes its time.',
    class: 'transient',
    boundaries: ['tool'],
    params: {
      ms: {
        kind: 'integer',
        doc: 'how long, in ms',
        default: 100,
        min: 1,
        max: 10_000,
        unit: 'ms',
      },
    },
    action: ({ ms }) => {
      expectTypeOf(ms).toEqualTypeOf<number>()
      return { kind: 'delay', ms }
    },
  })
  expectTypeOf(own).toEqualTypeOf<Fault>()
  defineScenario({ ...scenarioParts, faults: [own, 'http/late'] })
  expectTypeOf<Extract<ActionAt<'file'>, { kind: 'tear' }>>().not.toBeNever()
  expectTypeOf<Extract<ActionAt<'tool'>, { kind: 'tear' }>>().toBeNever()
  defineFault({
    name: 'tool/torn',
    summary: 'A tool cannot be torn.',
    class: 'resource',
    boundaries: ['tool'],
    params: {},
    // @ts-expect-error Only writes of files are torn.
    action: () => ({ kind: 'tear', at: 0.5, code: 'no-space' }),
  })
})

test('a provider is an object of its parts', () => {
  const session: ProviderSession = {
    read: (request) => {
      const call: ModelCall = {
        kind: 'call',
        api: 'chat',
        conversation: { model: 'm', system: '', messages: [], tools: [] },
        stream: false,
        tools: [],
        settings: {},
        inputTokens: request.body.length,
      }
      return call
    },
    write: (_call, reply: Reply): WireAnswer => ({ status: 200, headers: {}, chunks: [JSON.stringify(reply.blocks)] }),
    fail: () => ({ status: 500, headers: {}, chunks: [] }),
    failInStream: () => '',
    ping: () => '',
    arrived: () => ({ text: '', toolCalls: [] }),
    snapshot: () => null,
  }
  const api: Api = {
    routes: [{ method: 'POST', path: '/chat', at: 'own' }],
    stops: {
      'end-turn': 'stop',
      'tool-use': 'tools',
      'max-tokens': 'length',
      'context-full': 'length',
      refusal: 'refused',
    },
    open: () => session,
  }
  const provider: Provider = {
    name: 'parley',
    apis: { chat: api },
    origins: ['https://api.parley.example'],
    environment: { key: simulatedKeyMark, keyIn: ['PARLEY_KEY'], baseURLIn: [], unset: [] },
    prices: { asOf: '2026-01-01', models: {} },
    callIds: prefixedCallIds('call_'),
    statusOf: () => 500,
  }
  defineScenario({
    ...scenarioParts,
    providers: [provider],
    endpoints: { parley: { baseURL: 'https://gateway.example' } },
  })
  expectTypeOf(providerLaws).parameter(0).toEqualTypeOf<Subject>()
  // @ts-expect-error A provider has an origin.
  const lost: Provider = { ...provider, origins: [] }
  // @ts-expect-error Every reason to stop has a word on the wire.
  const mute: Api = { ...api, stops: { 'end-turn': 'stop' } }
  expectTypeOf([lost, mute]).toBeArray()
})

test('openExecutors runs trials elsewhere', () => {
  const record = {} as TrialRecord
  const openExecutors: OpenExecutors = ({ root, trialTimeout, onSecrets }): Executors => {
    expectTypeOf(root).toEqualTypeOf<string>()
    expectTypeOf(trialTimeout).toEqualTypeOf<number>()
    onSecrets([])
    return {
      open: async (source, lanes) => ({
        facts: JSON.parse(source.file),
        run: async (specs: readonly TrialSpec[], options) => {
          expectTypeOf(lanes()).toEqualTypeOf<number>()
          options?.onTrial?.(record, 0)
          return specs.map(() => record)
        },
        close: () => {},
      }),
      close: () => {},
    }
  }
  runCampaign({ files: ['a.chaos.ts'], openExecutors })
  // @ts-expect-error It gives executors, and no trials.
  runCampaign({ files: ['a.chaos.ts'], openExecutors: () => record })
})

test('a reporter is a function from a report to text', () => {
  const render: Render = (report) => {
    expectTypeOf(report).toEqualTypeOf<Report>()
    return terminal(report, { width: 80, color: false, unicode: false })
  }
  const reporter: Reporter = { name: 'own', summary: 'my own', file: 'own.txt', load: async () => render }
  expectTypeOf(reporter.load).returns.resolves.toEqualTypeOf<Render>()
  // @ts-expect-error A width is given.
  terminal({} as Report, { color: false, unicode: false })
})
