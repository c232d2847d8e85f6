/** One trial from its start to its end: what is claimed, every way to end, and that nothing of it is left. */
import { MessageChannel } from 'node:worker_threads'
import {
  type AgentContext,
  type AnyScenario,
  call,
  defineScenario,
  giveUp,
  policy,
  runTrial,
  type ScenarioOptions,
  say,
  script,
  type Trial,
  UserError,
  verdictOf,
} from 'agent-chaos'
import type { Invariant } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { crossingsMax } from '../../../harness/contracts/budget.js'
import { real } from '../../../harness/sandbox/real.js'
import { create, loop, type Refunds, refunding } from '../../support/trial/agents.js'

interface State {
  pings: number
}

interface Tools {
  ping(label?: string): Promise<string>
}

type Context = AgentContext<State, Tools>

/** A scenario with one tool, `ping`, which is a side effect. */
function pinging(agent: (context: Context) => unknown, options: Partial<ScenarioOptions<State, Tools>> = {}) {
  return defineScenario<State, Tools>({
    name: 'pinging',
    task: 'Ping.',
    state: () => ({ pings: 0 }),
    world: ({ state, effect }) => ({
      tools: {
        ping: (label = 'it') =>
          effect({ kind: 'ping', intent: label }, () => {
            state.pings++
            return 'pong'
          }),
      },
    }),
    model: script([say('unused')]),
    agent,
    goal: () => true,
    ...options,
  })
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const lastOf = ({ trace }: Trial) => trace.events.at(-1)
const kindsOf = ({ trace }: Trial) => trace.events.map(({ kind }) => kind)

async function refusal(scenario: AnyScenario, plan = ''): Promise<string> {
  const error: unknown = await runTrial(scenario, { plan }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(UserError)
  return (error as UserError).message
}

describe('what an agent claims', () => {
  it('is success when it resolves', async () => {
    const { trace } = await runTrial(pinging(() => 'done'))
    expect([trace.end, trace.claim]).toEqual([{ kind: 'returned' }, 'success'])
    expect(trace.events).toMatchObject([{ kind: 'claim', claim: 'success', result: '"done"' }, { kind: 'end' }])
  })

  it('is failure when it throws, at once or later, whatever it throws', async () => {
    const throwing = (error: unknown) => () => {
      throw error
    }
    for (const agent of [throwing(new RangeError('no')), async () => throwing(new RangeError('no'))()]) {
      const { trace } = await runTrial(pinging(agent))
      expect([trace.end, trace.claim]).toEqual([{ kind: 'threw' }, 'failure'])
      expect(trace.events[0]).toMatchObject({ error: { name: 'RangeError', message: 'no' } })
    }
    const { trace } = await runTrial(pinging(throwing('just a text')))
    expect(trace.events[0]).toMatchObject({ claim: 'failure', error: { name: 'string', message: 'just a text' } })
  })

  it.each(['success', 'degraded', 'failure', 'rolled-back'] as const)(
    'is %s where the scenario says so',
    async (claim) => {
      const { trace } = await runTrial(
        pinging(() => ({ status: claim }), { claims: (result: { status: typeof claim }) => result.status }),
      )
      expect(trace.claim).toBe(claim)
    },
  )

  it('is failure where the model gave up in its last answer, although the agent resolves', async () => {
    const { scenario } = refunding(loop(create), { model: script([giveUp()]) })
    expect((await runTrial(scenario)).trace).toMatchObject({ end: { kind: 'returned' }, claim: 'failure' })
  })

  it('is for the scenario to fix where claims() throws or says something unknown', async () => {
    const throwing = pinging(({ tools }) => tools.ping(), {
      claims: () => {
        throw new Error('no such field')
      },
    })
    expect(await refusal(throwing)).toBe('scenario "pinging": claims() threw: no such field')
    expect(await refusal(throwing, 'tool:ping#1 = tool/duplicate')).toContain('under "tool:ping#1 = tool/duplicate"')
  })

  const four = 'expected one of "success", "degraded", "failure", "rolled-back"'

  it.each<[string, unknown, string]>([
    ['nothing', undefined, `${four}, got undefined`],
    ['another word', 'sucess', `${four}, got "sucess". Did you mean "success"?`],
    ['true', true, `${four}, got true`],
    ['a promise of another word', Promise.resolve('fine'), `${four}, got "fine".`],
    [
      'a promise that never settles',
      new Promise(() => {}),
      `${four}, got a promise that never settles: nothing is left`,
    ],
  ])('is for the scenario to fix where claims() answers with %s', async (_what, said, message) => {
    expect(await refusal(pinging(() => 'done', { claims: () => said as never }))).toContain(
      `scenario "pinging": claims(): ${message}`,
    )
  })

  it('is for the scenario to fix where the promise of claims() fails, which is no unhandled rejection', async () => {
    const scenario = pinging(() => 'done', { claims: () => Promise.reject(new Error('no such field')) })
    expect(await refusal(scenario)).toBe('scenario "pinging": claims() threw: no such field')
  })

  it('may be promised, and stands at the time of the answer', async () => {
    const claims = () => sleep(60_000).then(() => 'degraded' as const)
    const { trace } = await runTrial(pinging(({ tools }) => tools.ping(), { claims }))
    expect(trace.claim).toBe('degraded')
    expect(trace.events.find(({ kind }) => kind === 'claim')).toMatchObject({ claim: 'degraded', at: 0 })
  })
})

describe('the goal', () => {
  it('is not known where it throws, and nothing is concluded from that', async () => {
    const trial = await runTrial(
      pinging(() => 'done', {
        goal: () => {
          throw new Error('no such row')
        },
      }),
    )
    expect(trial.trace.goal).toBeNull()
    expect(verdictOf(trial, 'no-invented-success').kind).toBe('inconclusive')
  })

  it('is asked when all work is done, with the result, the state and the events', async () => {
    const seen: unknown[] = []
    await runTrial(
      pinging(
        async ({ tools }) => {
          void sleep(5_000).then(() => tools.ping())
          return 'done'
        },
        {
          goal: ({ state, result, events }) => {
            seen.push(state.pings, result, events.at(-1)?.kind)
            return true
          },
        },
      ),
    )
    expect(seen).toEqual([1, 'done', 'end'])
  })

  it.each([true, false])('may be a promise of %s', async (reached) => {
    const goal = async () => {
      await sleep(60_000)
      return reached
    }
    expect((await runTrial(pinging(() => 'done', { goal }))).trace.goal).toBe(reached)
  })

  it('may be a query, which is run once', async () => {
    let runs = 0
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: what query builders give runs when it is awaited
      then(resolve: (value: boolean) => void) {
        runs++
        real.setImmediate(() => resolve(false))
      },
    }
    const trial = await runTrial(pinging(() => 'done', { goal: () => query as PromiseLike<boolean> }))
    expect([trial.trace.goal, runs]).toEqual([false, 1])
    expect(verdictOf(trial, 'no-invented-success').kind).toBe('violated')
  })

  it('takes time from nobody: what the agent left behind does not go on', async () => {
    const seen: string[] = []
    const scenario = pinging(
      ({ tools }) => {
        setInterval(() => {
          seen.push('ticked')
          void tools.ping()
        }, 1_000)
        return 'done'
      },
      {
        goal: async ({ state }) => {
          seen.length = 0
          await sleep(5_000)
          return state.pings === 0
        },
      },
    )
    const { trace } = await runTrial(scenario)
    expect([trace.goal, seen, trace.events.at(-1)?.kind]).toEqual([true, [], 'end'])
    expect(trace.spend.seconds).toBe(0)
  })

  it('is awaited when the agent never answered, too', async () => {
    const goal = () => sleep(1).then(() => true)
    const { trace } = await runTrial(pinging(() => new Promise(() => {}), { goal }))
    expect(trace).toMatchObject({ goal: true, claim: null, end: { kind: 'deadlock' } })
  })

  it('is not known where its promise fails', async () => {
    const goal = () => Promise.reject(new Error('no such row'))
    expect((await runTrial(pinging(() => 'done', { goal }))).trace.goal).toBeNull()
  })

  it.each<[string, unknown, string]>([
    ['a word', 'no', 'got "no"'],
    ['a number', 0, 'got 0'],
    ['nothing', undefined, 'got undefined'],
    ['an object', new Boolean(false), 'got an object'],
    ['a promise of a word', Promise.resolve('no'), 'got "no"'],
    ['a promise of rows', Promise.resolve([]), 'got an array'],
    ['a promise that never settles', new Promise(() => {}), 'got a promise that never settles: nothing is left that'],
  ])('is for the scenario to fix, at its line, where it answers with %s', async (_what, said, got) => {
    const scenario = pinging(() => 'done', { goal: () => said as never })
    const message = await refusal(scenario)
    expect(message).toContain(`scenario "pinging": goal(): expected true or false, ${got}`)
    expect(await refusal(scenario, 'tool:ping#1 = tool/duplicate')).toContain(
      'scenario "pinging": under "tool:ping#1 = tool/duplicate", goal(): expected true or false',
    )
    const error = (await runTrial(scenario).catch((reason: unknown) => reason)) as UserError
    expect(error.where).toBe(scenario.declaredAt)
    expect(error.where).toMatch(/trial\.test\.ts:\d+$/)
  })

  it('is for the scenario to fix where it waits for ever in virtual time', async () => {
    const goal = async () => {
      for (;;) await sleep(60_000)
    }
    expect(await refusal(pinging(() => 'done', { goal }))).toContain('it waits longer than a trial may last')
  })
})

describe('the parts of a scenario', () => {
  const boom = (): never => {
    throw new Error('boom')
  }

  it.each([
    ['state()', { state: boom }],
    ['world()', { world: boom }],
  ])('are for the user to fix where %s throws, and the next trial runs', async (part, options) => {
    expect(await refusal(pinging(() => 'done', options))).toBe(`scenario "pinging": ${part} threw: boom`)
    expect((await runTrial(pinging(() => 'done'))).trace.claim).toBe('success')
  })

  const world = 'world(): expected an object, as in { tools: { search } }'

  it.each<[string, Partial<ScenarioOptions<State, Tools>>, string]>([
    ['a world is nothing', { world: () => undefined as never }, `${world}, got undefined`],
    ['a world is null', { world: () => null as never }, `${world}, got null`],
    ['a world is promised', { world: (async () => ({})) as never }, `${world}, at once, got a promise`],
    ['a world is a list', { world: () => [] as never }, `${world}, got an array`],
    ['a world is a function', { world: () => (() => {}) as never }, `${world}, got a function`],
    [
      'a world is its tools',
      { world: () => ({ ping: () => {} }) as never },
      `${world}, got an object with "ping" and no "tools"`,
    ],
    [
      'tools are a text',
      { world: () => ({ tools: 'ping' }) as never },
      'world(): tools: expected tools by their names, got "ping"',
    ],
    [
      'tools are null',
      { world: () => ({ tools: null }) as never },
      'world(): tools: expected tools by their names, got null',
    ],
    [
      'tools are promised',
      { world: () => ({ tools: Promise.resolve({}) }) as never },
      'world(): tools: expected tools by their names, got a promise',
    ],
    [
      'a state is promised',
      { state: (async () => ({ pings: 0 })) as never },
      'state(): expected plain data, at once, got a promise',
    ],
  ])('are for the user to fix, at their line, where %s', async (_what, options, message) => {
    const scenario = pinging(() => 'done', options)
    expect(await refusal(scenario)).toBe(`scenario "pinging": ${message}`)
    const error = (await runTrial(scenario).catch((reason: unknown) => reason)) as UserError
    expect(error.where).toBe(scenario.declaredAt)
    expect((await runTrial(pinging(() => 'done'))).trace.claim).toBe('success')
  })

  it('tell the line that threw', async () => {
    const error = (await runTrial(pinging(() => 'done', { world: boom })).catch(
      (reason: unknown) => reason,
    )) as UserError
    expect(error.where).toMatch(/trial\.test\.ts:\d+$/)
    expect(error.where).not.toBe(pinging(() => 'done').declaredAt)
  })

  it('hold the verdict of an invariant that answers with none, at its line', async () => {
    const raw = { name: 'raw', kind: 'safety', check: () => undefined } as unknown as Invariant
    const scenario = pinging(() => 'done', { invariants: [raw] })
    expect(await refusal(scenario)).toMatch(/^scenario "pinging": invariant "raw": its check: expected a verdict, /)
    const error = (await runTrial(scenario).catch((reason: unknown) => reason)) as UserError
    expect(error.where).toBe(scenario.declaredAt)
  })

  it.each([
    ['throws', policy(boom), '() threw: boom'],
    [
      'answers later',
      { reply: async () => 'later' } as never,
      '(): expected a reply with blocks, at once, got a promise',
    ],
  ])('are for the user to fix where the model %s', async (_name, model, message) => {
    const { scenario } = refunding(loop(create), { model })
    expect(await refusal(scenario)).toBe(`scenario "refunding": model.reply${message}`)
  })

  it('all live in the time and the chance of the trial', async () => {
    const seen: number[][] = []
    const now = () => [Date.now(), Math.random()]
    const scenario = pinging(() => sleep(1_000), {
      state: () => ({ pings: seen.push(now()) }),
      goal: () => seen.push(now()) > 0,
    })
    await runTrial(scenario)
    const first = seen.splice(0)
    await runTrial(scenario)
    expect(seen).toEqual(first)
    expect(seen.map(([at]) => at)).toEqual([Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1_000])
  })

  it('are refused where the plan names a fault that the scenario does not have', async () => {
    const plan = [
      {
        sites: [{ boundary: 'tool', target: 'ping' }],
        when: { kind: 'onward', from: 1 },
        faults: [{ fault: 'tool/none', params: {} }],
      },
    ]
    await expect(
      runTrial(
        pinging(() => 'done'),
        { plan: plan as never },
      ),
    ).rejects.toThrow(UserError)
  })
})

describe('a trial ends', () => {
  it('when the agent calls process.exit, which ends neither this process nor the world', async () => {
    const trial = await runTrial(
      pinging(async ({ tools }) => {
        await tools.ping()
        try {
          process.exit(3)
        } finally {
          await tools.ping('cleanup')
        }
      }),
    )
    expect(trial.trace).toMatchObject({ end: { kind: 'exited', code: 3 }, claim: null })
    expect(trial.state).toEqual({ pings: 1 })
    expect(kindsOf(trial)).toEqual(['call', 'call', 'effect', 'return', 'return', 'end'])
  })

  it('when a timer throws what nobody catches', async () => {
    const trial = await runTrial(
      pinging(async () => {
        setTimeout(() => {
          throw new RangeError('nobody listens')
        }, 1_000)
        await sleep(2_000)
      }),
    )
    expect(trial.trace).toMatchObject({ end: { kind: 'crashed' }, claim: null })
    expect(trial.trace.events).toMatchObject([
      { at: 1_000, kind: 'unhandled', how: 'exception', error: { name: 'RangeError' } },
      { at: 1_000, kind: 'end' },
    ])
    expect(verdictOf(trial, 'no-unhandled-rejection').kind).toBe('violated')
  })

  it('as ever after a rejection that nobody handles, which is put on record', async () => {
    const trial = await runTrial(
      pinging(async () => {
        void Promise.reject(new TypeError('unheard'))
        await sleep(1_000)
      }),
    )
    expect(trial.trace).toMatchObject({ end: { kind: 'returned' }, claim: 'success' })
    expect(trial.trace.events[0]).toMatchObject({
      at: 0,
      kind: 'unhandled',
      how: 'rejection',
      error: { name: 'TypeError' },
    })
  })

  it('at the last thing that the agent did where it waits for nothing', async () => {
    const startedAt = real.performanceNow()
    const trial = await runTrial(
      pinging(async ({ tools }) => {
        await sleep(1_500)
        await tools.ping()
        await new Promise(() => {})
      }),
    )
    expect(real.performanceNow() - startedAt).toBeLessThan(1_000)
    expect(trial.trace).toMatchObject({ end: { kind: 'deadlock' }, claim: null, spend: { seconds: 1.5 } })
    expect(lastOf(trial)).toMatchObject({ at: 1_500, kind: 'end' })
    expect(verdictOf(trial, 'terminates').kind).toBe('violated')
  })

  it('at ten times its budget of time', async () => {
    const budget = { spend: { seconds: 1 } }
    const inTime = await runTrial(pinging(() => sleep(10_000), { budget }))
    expect(inTime.trace.end).toEqual({ kind: 'returned' })
    const late = await runTrial(pinging(() => sleep(10_001), { budget }))
    expect(late.trace).toMatchObject({ end: { kind: 'horizon' }, claim: null })
    const forever = pinging(
      async () => {
        for (;;) await sleep(999)
      },
      { budget },
    )
    const endless = await runTrial(forever)
    expect(endless.trace.end).toEqual({ kind: 'horizon' })
    expect(lastOf(endless)?.at).toBe(9_990)
  })

  it('later where it waits as a server told it to', async () => {
    const asking = (pauseMs: number) =>
      pinging(
        async ({ fetch }) => {
          await fetch('https://api.test/x')
          await sleep(pauseMs)
        },
        {
          budget: { spend: { seconds: 1 } },
          world: ({ http }) => {
            http.service('https://api.test', () => ({ json: 1 }))
            return { tools: { ping: async () => 'pong' } }
          },
        },
      )
    const plan = (advice: string) => `http:*#1 = http/unavailable(retryAfter: "${advice}")`
    const endOf = async (pauseMs: number, advice: string) =>
      (await runTrial(asking(pauseMs), { plan: plan(advice) })).trace.end.kind
    expect(await endOf(600_000, '600')).toBe('returned')
    expect(await endOf(600_000, 'soon')).toBe('horizon')
    expect(await endOf(620_000, '600')).toBe('horizon')
  })

  it('at ten times its budget of turns', async () => {
    const scenario = { ...refunding(loop(create)).scenario, budget: { spend: { turns: 2 } } }
    const { trace } = await runTrial(scenario, { plan: 'model:*#1.. = model/looping' })
    const answered = trace.events.filter((event) => event.kind === 'return' && event.reply)
    expect(trace.end).toEqual({ kind: 'horizon' })
    expect(answered).toHaveLength(20)
  })

  it('when an agent retries for ever without a delay', async () => {
    let calls = 0
    const scenario = pinging(async ({ tools }) => {
      for (;;) {
        calls++
        await tools.ping().catch(() => {})
      }
    })
    const trial = await runTrial(scenario, { plan: 'tool:ping#1.. = tool/unavailable' })
    expect(trial.trace.end).toEqual({ kind: 'horizon' })
    expect(calls).toBe(crossingsMax + 1)
  })

  it('when nothing but intervals is left of an agent that has answered', async () => {
    const { trace } = await runTrial(
      pinging(() => {
        setInterval(() => {}, 1_000)
        return 'done'
      }),
    )
    expect(trace.end).toEqual({ kind: 'returned' })
    expect(trace.events.at(-1)?.at).toBe(0)
  })

  it('after work that outlives the answer, which is in the trace behind the claim', async () => {
    const trial = await runTrial(
      pinging(({ tools }) => tools.ping()),
      { plan: 'tool:ping#1 = tool/duplicate(gap: 60000)' },
    )
    const at = (kind: string) => trial.trace.events.filter((event) => event.kind === kind).map((event) => event.at)
    expect([at('claim'), at('effect'), at('end')]).toEqual([[0], [0, 60_000], [60_000]])
    expect(trial.state).toEqual({ pings: 2 })
    expect(trial.trace.spend.seconds).toBe(0)
    expect(verdictOf(trial, 'effects-exactly-once').kind).toBe('violated')
  })

  it('with the signal aborted where the agent did not answer, and not otherwise', async () => {
    const signals: AbortSignal[] = []
    const run = (agent: () => unknown) =>
      runTrial(
        pinging(({ signal }) => {
          signals.push(signal)
          return agent()
        }),
      )
    await run(() => 'done')
    await run(() => new Promise(() => {}))
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true])
  })
})

describe('trials of one process', () => {
  it('wait for each other when they are started together', async () => {
    const running: string[] = []
    const scenario = (name: string) =>
      pinging(async ({ tools }) => {
        running.push(`${name} begins`)
        await sleep(1_000)
        await tools.ping(name)
        running.push(`${name} ends`)
        return name
      })
    const trials = await Promise.all(['a', 'b', 'c'].map((name) => runTrial(scenario(name))))
    expect(running).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
    expect(trials.map(({ trace }) => trace.events.find(({ kind }) => kind === 'claim'))).toMatchObject([
      { at: 1_000, result: '"a"' },
      { at: 1_000, result: '"b"' },
      { at: 1_000, result: '"c"' },
    ])
    expect(trials.map(({ state }) => state)).toEqual([{ pings: 1 }, { pings: 1 }, { pings: 1 }])
  })

  it('go on after one that could not be set up', async () => {
    const broken = pinging(() => 'done', {
      world: () => {
        throw new Error('boom')
      },
    })
    const [first, second] = await Promise.allSettled([runTrial(broken), runTrial(pinging(() => 'done'))])
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
  })

  it('do not meet the timers and the late calls of earlier ones', async () => {
    let late: Promise<unknown> | undefined
    let fired = false
    const left = await runTrial(
      pinging(({ tools }) => {
        setInterval(() => {
          fired = true
        }, 1_000)
        setTimeout(() => {
          late = tools.ping()
        }, 20_000_000)
        return 'done'
      }),
    )
    await runTrial(pinging(() => sleep(30_000_000), { budget: { spend: { seconds: 100_000 } } }))
    expect([fired, late, left.state]).toEqual([true, undefined, { pings: 0 }])
  })
})

describe('when a trial is over', () => {
  it('message ports hold the event loop again as they did before', async () => {
    const { port1, port2 } = new MessageChannel()
    port1.on('message', () => {})
    const holds = () => Reflect.apply(Reflect.get(port1, 'hasRef') as () => boolean, port1, [])
    const before = holds()
    await runTrial(pinging(({ tools }) => tools.ping()))
    const after = holds()
    port2.close()
    port1.close()
    expect([before, after]).toEqual([true, true])
  })

  const hostile: Record<string, (context: Context) => unknown> = {
    returns: () => 'done',
    throws: () => {
      throw new Error('no')
    },
    exits: () => process.exit(1),
    deadlocks: () => new Promise(() => {}),
    crashes: () =>
      new Promise(() => {
        setTimeout(() => {
          throw new Error('unheard')
        }, 1)
      }),
    'leaves things': () => {
      process.on('unhandledRejection', () => {})
      process.on('uncaughtException', () => {})
      process.env.ANTHROPIC_API_KEY = 'mine'
      process.env.ANTHROPIC_BASE_URL = 'https://elsewhere.example'
      setInterval(() => {}, 5)
      setTimeout(() => {}, 1e9)
    },
  }

  function surroundings() {
    const events = ['unhandledRejection', 'uncaughtException', 'beforeExit', 'exit', 'warning']
    const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN } = process.env
    return {
      listeners: events.map((event) => process.rawListeners(event)),
      emit: Object.getOwnPropertyDescriptor(process, 'emit')?.value as unknown,
      environment: [ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN],
      dispatchers: [1, 2].map(
        (slot) => Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${slot}`)) as unknown,
      ),
      functions: [Date, setTimeout, setInterval, clearTimeout, fetch, Math.random, process.exit, AbortSignal.timeout],
    }
  }

  it.each(Object.entries(hostile))('nothing of it is left: the agent %s', async (_name, agent) => {
    await runTrial(pinging(() => 'warm up'))
    process.env.ANTHROPIC_API_KEY = 'sk-mine'
    delete process.env.ANTHROPIC_BASE_URL
    const before = surroundings()
    const trial = await runTrial(pinging(agent))
    expect(lastOf(trial)?.kind).toBe('end')
    const after = surroundings()
    expect(after.environment).toEqual(before.environment)
    for (const part of ['listeners', 'emit', 'dispatchers', 'functions'] as const)
      expect(after[part]).toStrictEqual(before[part])
  })

  it('time, chance and timers are real again', async () => {
    await runTrial(pinging(() => sleep(1_000)))
    const wall = [real.now(), Date.now(), real.now()]
    const monotonic = [real.performanceNow(), performance.now(), real.performanceNow()]
    for (const times of [wall, monotonic]) expect(times).toEqual(times.toSorted((left, right) => left - right))
    const timer = setTimeout(() => {}, 1)
    expect(timer.constructor).toBe(real.setTimeout(() => {}, 0).unref().constructor)
    clearTimeout(timer)
    const drawn = await Promise.all([1, 2].map(async () => Math.random()))
    expect(new Set(drawn).size).toBe(2)
  })

  it('the state that it ran on is its own and no other trial has it', async () => {
    const { scenario } = refunding(loop(create), {
      model: script([call('refund', { orderId: '42', cents: 1 }), say('Done.')]),
    })
    const [first, second] = [await runTrial(scenario), await runTrial(scenario)]
    expect(first.state).toEqual({ '42': 1 } satisfies Refunds)
    expect(second.state).toEqual(first.state)
    expect(second.state).not.toBe(first.state)
  })
})
