/** What a crash leaves behind, and what it takes with it. */
import { readFile } from 'node:fs/promises'
import {
  type AgentContext,
  call,
  defineScenario,
  runTrial,
  type ScenarioOptions,
  say,
  script,
  type TraceEvent,
  type Trial,
} from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import { create, loop, type Refunds, type RefundTools } from '../../support/trial/agents.js'

interface State {
  readonly applied: string[]
  readonly journal: string[]
}

interface Tools {
  put(what: string): Promise<string>
}

type Context = AgentContext<State, Tools>

describe('a time limit', () => {
  const waiting = (ms: number) =>
    putting(async ({ state, tools, attempt }) => {
      state.journal.push(`start ${attempt} at ${Date.now() % 100_000}`)
      if (attempt === 1) await tools.put('a')
      await new Promise((resolve) => setTimeout(resolve, ms))
      state.journal.push('end')
      return state.journal
    })
  const restarts = ({ trace }: Trial) => trace.events.filter(({ kind }) => kind === 'restart')

  it('ends the process between crossings, at the very time, and it is started again', async () => {
    const trial = await runTrial(waiting(60_000), { plan: 'tool:put#1 = process/time-limit(after: 30000)' })
    expect(restarts(trial)).toMatchObject([{ attempt: 2, at: 31_000 }])
    expect(trial.state).toMatchObject({ journal: ['start 1 at 0', 'start 2 at 31000', 'end'] })
  })

  it('does nothing to an agent that has answered', async () => {
    const trial = await runTrial(waiting(10_000), { plan: 'tool:put#1 = process/time-limit(after: 30000)' })
    expect(restarts(trial)).toEqual([])
    expect(trial.trace.end.kind).toBe('returned')
  })
})

const steps = (state: State, what: string) => [1, 2, 3, 4].map((n) => () => state.applied.push(`${what}.${n}`))

/** A scenario whose only tool makes a change in four steps. */
function putting(agent: (context: Context) => unknown, options: Partial<ScenarioOptions<State, Tools>> = {}) {
  return defineScenario<State, Tools>({
    name: 'putting',
    task: 'Put.',
    state: () => ({ applied: [], journal: [] }),
    world: ({ state, effect }) => ({
      tools: {
        put: async (what) => {
          await effect({ kind: 'put', intent: what, steps: steps(state, what) })
          return 'put'
        },
      },
    }),
    model: script([say('unused')]),
    agent,
    goal: () => true,
    ...options,
  })
}

const twoSteps: Partial<ScenarioOptions<State, Tools>> = {
  world: ({ state, effect }) => ({
    tools: {
      put: async (what) => {
        await effect({ kind: 'put', intent: what, steps: steps(state, what).slice(0, 2) })
        return 'put'
      },
    },
  }),
}

const appliedIn = ({ state }: Trial) => (state as State).applied
const restarts = ({ trace }: Trial) => trace.events.filter(({ kind }) => kind === 'restart')
const callsOf = ({ trace }: Trial) =>
  trace.events.flatMap((event) =>
    event.kind === 'call' ? [`${event.site.boundary}#${event.occurrence}.${event.attempt}`] : [],
  )
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Puts once, and remembers in durable state that it did. */
const careful = async ({ tools, state, attempt }: Context) => {
  if (!state.journal.includes('a')) await tools.put('a')
  state.journal.push('a')
  return attempt
}

describe('a crash', () => {
  it.each([
    ['tool', 'before', []],
    ['tool', 'during', ['a.1', 'a.2', 'a.3', 'a.4']],
    ['tool', 'after', ['a.1', 'a.2', 'a.3', 'a.4']],
    ['effect', 'before', []],
    ['effect', 'during', ['a.1', 'a.2']],
    ['effect', 'after', ['a.1', 'a.2', 'a.3', 'a.4']],
  ])('of a %s %s its work leaves what was done by then, and the agent starts again', async (site, phase, before) => {
    const target = site === 'tool' ? 'tool:put' : 'effect:put'
    const seen: unknown[] = []
    const scenario = putting(async ({ state, attempt }) => {
      if (attempt === 1) throw new Error('unreached')
      seen.push([...state.applied])
    })
    const trial = await runTrial(
      { ...scenario, agent: (context) => (context.attempt === 1 ? context.tools.put('a') : scenario.agent(context)) },
      { plan: `${target}#1 = process/crash(phase: "${phase}")` },
    )
    expect(seen).toEqual([before])
    expect(appliedIn(trial)).toEqual(before)
    expect(restarts(trial)).toMatchObject([{ attempt: 2, at: 1000 }])
    expect(trial.trace.claim).toBe('success')
  })

  it('in the middle of two steps leaves the first', async () => {
    const scenario = putting(async ({ state, tools, attempt }) => {
      if (attempt === 1) await tools.put('a')
      state.journal.push(...state.applied)
    }, twoSteps)
    const trial = await runTrial(scenario, { plan: 'effect:put#1 = process/crash(phase: "during")' })
    expect(trial.state).toMatchObject({ journal: ['a.1'] })
  })

  it('gives the agent its attempt, its durable state, and nothing else of what it had', async () => {
    const trial = await runTrial(putting(careful), { plan: 'tool:put#1 = process/crash(phase: "after")' })
    expect(appliedIn(trial)).toEqual(['a.1', 'a.2', 'a.3', 'a.4', 'a.1', 'a.2', 'a.3', 'a.4'])
    expect(trial.trace.events.find(({ kind }) => kind === 'claim')).toMatchObject({ result: '2' })
    expect(trial.judgements).toContainEqual({
      invariant: 'effects-exactly-once',
      verdict: expect.objectContaining({ kind: 'violated' }),
    })
  })

  it('makes the same request a further attempt where it had not succeeded, and a new one where it had', async () => {
    const put = ({ tools }: Context) => tools.put('a')
    const before = await runTrial(putting(put), { plan: 'tool:put#1 = process/crash(phase: "before")' })
    const after = await runTrial(putting(put), { plan: 'tool:put#1 = process/crash(phase: "after")' })
    expect(callsOf(before)).toEqual(['tool#1.1', 'tool#1.2', 'effect#1.1'])
    expect(callsOf(after)).toEqual(['tool#1.1', 'effect#1.1', 'tool#2.1', 'effect#2.1'])
  })

  it('drops the timers of the agent, and what it still awaited never settles', async () => {
    const heard: string[] = []
    await runTrial(
      putting(async ({ tools, attempt }) => {
        const name = `attempt ${attempt}`
        setTimeout(() => heard.push(`${name}: timer`), 500)
        setInterval(() => heard.push(`${name}: interval`), 400)
        void sleep(300).then(() => heard.push(`${name}: sleep`))
        await tools.put('a').finally(() => heard.push(`${name}: settled`))
        await sleep(600)
      }),
      { plan: 'tool:put#1 = process/crash(phase: "after")' },
    )
    expect(heard).toEqual(['attempt 2: settled', 'attempt 2: sleep', 'attempt 2: interval', 'attempt 2: timer'])
  })

  it('lets no timer ring that the agent sets in the same breath, before the next start or after it', async () => {
    const heard: string[] = []
    const trial = await runTrial(
      putting(async ({ tools, state, attempt }) => {
        if (attempt > 1) return sleep(60_000)
        // As a deadline around a call does: the call has begun when its timer is set.
        const put = tools.put('a')
        for (const ms of [500, 20_000]) {
          setTimeout(() => {
            heard.push(`after ${ms} ms`)
            state.journal.push('by nobody')
            void tools.put('b')
          }, ms)
        }
        const deadline = sleep(5_000).then(() => heard.push('deadline'))
        await Promise.race([put, deadline, readFile(process.execPath).then(() => sleep(10_000))])
        heard.push('went on')
      }),
      { plan: 'tool:put#1 = process/crash(phase: "before")' },
    )
    expect(heard).toEqual([])
    expect(trial.state).toEqual({ applied: [], journal: [] })
    expect(callsOf(trial)).toEqual(['tool#1.1'])
  })

  it('does not call back what the world was told to do later', async () => {
    const trial = await runTrial(
      putting(async ({ tools, attempt }) => {
        if (attempt > 1) return
        void tools.put('a').catch(() => {})
        await sleep(1)
        await tools.put('b')
      }),
      { plan: 'effect:put#1 = effect/late(after: 60000); tool:put#2 = process/crash(phase: "before")' },
    )
    expect(appliedIn(trial)).toEqual(['a.1', 'a.2', 'a.3', 'a.4'])
    expect(trial.trace.events.find(({ kind }) => kind === 'effect')).toMatchObject({ at: 70_000, status: 'applied' })
  })

  it('ends whatever the agent does next in the same breath', async () => {
    const trial = await runTrial(
      putting(({ tools, attempt }) => {
        if (attempt > 1) return 'again'
        void tools.put('a')
        void tools.put('b')
        process.exit(3)
      }),
      { plan: 'tool:put#1 = process/crash(phase: "before")' },
    )
    expect(appliedIn(trial)).toEqual([])
    expect(trial.trace).toMatchObject({ claim: 'success', end: { kind: 'returned' } })
  })

  it('holds nobody to a rejection in a process that is gone', async () => {
    const trial = await runTrial(
      putting(async ({ tools, attempt }) => {
        if (attempt > 1) return
        void tools.put('a')
        void Promise.reject(new Error('unheard'))
      }),
      { plan: 'tool:put#1 = process/crash(phase: "before")' },
    )
    expect(trial.trace.events.map(({ kind }) => kind)).not.toContain('unhandled')
  })

  it('draws other chance in the process that follows', async () => {
    const draws: unknown[] = []
    const scenario = putting(async ({ tools }) => {
      draws.push(Math.random(), crypto.randomUUID())
      await tools.put('a')
    })
    await runTrial(scenario, { plan: 'tool:put#1 = process/crash' })
    expect(new Set(draws).size).toBe(4)
    const first = draws.splice(0)
    await runTrial(scenario, { plan: 'tool:put#1 = process/crash' })
    expect(draws).toEqual(first)
  })

  it('makes the world anew, for its closures were in the process too', async () => {
    let worlds = 0
    const scenario = putting(({ tools }) => tools.put('a'))
    const world: typeof scenario.world = (context) => {
      worlds++
      return scenario.world(context)
    }
    await runTrial({ ...scenario, world }, { plan: 'tool:put#1 = process/crash' })
    expect(worlds).toBe(2)
  })

  it('says in the trace that modules stayed as they were, for in a library nobody can evaluate them anew', async () => {
    const trial = await runTrial(putting(careful), { plan: 'tool:put#1 = process/crash' })
    expect(restarts(trial)).toEqual([{ at: 1_000, kind: 'restart', attempt: 2, memory: 'kept' }])
  })

  it('is given up after the sixth start, and no invariant holds that against the agent', async () => {
    const trial = await runTrial(
      putting(({ tools }) => tools.put('a')),
      { plan: 'tool:put#1.. = process/crash(phase: "before")' },
    )
    expect(trial.trace.end).toEqual({ kind: 'crash-loop', attempts: 6 })
    expect(restarts(trial).map(({ at }) => at)).toEqual([1_000, 3_000, 7_000, 15_000, 31_000])
    expect(trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
  })

  it.each(['before', 'during', 'after'])('of a model call %s it was answered asks the model again', async (phase) => {
    const refunding = defineScenario<Refunds, RefundTools>({
      name: 'refunding',
      task: 'Refund.',
      state: () => ({}),
      world: ({ state, effect }) => ({
        tools: {
          refund: ({ orderId, cents }) =>
            effect({ kind: 'refund', intent: orderId, key: orderId }, () => {
              state[orderId] = (state[orderId] ?? 0) + cents
              return { refunded: orderId }
            }),
        },
      }),
      model: script([call('refund', { orderId: '42', cents: 1 }), say('Refunded.')]),
      agent: loop(create),
      goal: ({ state }) => state['42'] === 1,
    })
    for (const occurrence of [1, 2]) {
      const trial = await runTrial(refunding, { plan: `model:*#${occurrence} = process/crash(phase: "${phase}")` })
      expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
      expect(restarts(trial)).toHaveLength(1)
      const lost = trial.trace.events.filter((event) => event.kind === 'return').length
      expect(lost).toBe(callsOf(trial).length - (phase === 'after' ? 0 : 1))
    }
  })

  it('gives the same trace for the same plan and seed', async () => {
    const run = () => runTrial(putting(careful), { plan: 'effect:put#1 = process/crash(phase: "during")', seed: 4 })
    expect((await run()).digest).toBe((await run()).digest)
  })
})

describe('a jump of the clock', () => {
  it('moves wall time and neither monotonic time nor timers', async () => {
    const seen: number[][] = []
    const look = (from: readonly number[] = [0, 0]) => {
      const now = [Date.now(), performance.now()]
      seen.push(now.map((value, index) => value - (from[index] ?? 0)))
      return now
    }
    const trial = await runTrial(
      putting(async ({ tools }) => {
        const start = look()
        await tools.put('a')
        look(start)
        await sleep(5)
        look(start)
      }),
      { plan: 'tool:put#1 = clock/jump(by: 3600000, direction: "back")' },
    )
    expect(seen.slice(1)).toEqual([
      [-3_600_000, 0],
      [-3_599_995, 5],
    ])
    expect(landedIn(trial.trace.events)).toEqual(['clock/jump'])
  })
})

const landedIn = (events: readonly TraceEvent[]) =>
  events.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))
