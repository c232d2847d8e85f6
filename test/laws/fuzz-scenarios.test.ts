/**
 * Whatever a scenario file exports is declared or refused at its line, and what is declared runs. A trial of it ends by itself, and what
 * is odd in it is told as the user's. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import 'agent-chaos/register'
import { context, trace } from '@opentelemetry/api'
import { type AnyScenario, call, defineScenario, isUserError, runTrial, say, script, type Trial } from 'agent-chaos'
import { terminates, traceComplete } from 'agent-chaos/invariants'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { fuzzing, mutate, odd, somewhere } from '../support/laws/odd.js'

afterEach(() => {
  trace.disable()
  context.disable()
})

const sound = () => ({
  name: 'fuzzed',
  task: 'Put one.',
  state: () => ({ put: 0 }),
  world: ({ effect }: { effect: (what: object, run: () => unknown) => unknown }) => ({
    tools: { put: (what = 'it') => effect({ kind: 'put', intent: String(what) }, () => 'put') },
    services: {},
  }),
  model: script([call('put', {}), say('Put.')]),
  agent: async ({ tools }: { tools: { put: (what: string) => Promise<string> } }) => tools.put('one'),
  goal: ({ result }: { result: unknown }) => result === 'put',
  claims: (result: unknown) => (result === 'put' ? 'success' : 'failure'),
  intents: [{ kind: 'put', id: 'one' }],
  invariants: [terminates()],
  without: ['transcript-well-formed'],
  faults: ['tool/unavailable', 'tool/slow'],
  budget: { spend: { turns: 5, seconds: 60 } },
  latency: { modelMs: 10 },
  allow: ['db.local:5432'],
  tags: ['fuzzed'],
  errors: {},
  via: 'throw',
  isolate: false,
  endpoints: {},
  transport: 'memory',
  crash: 'soft',
})

const plan = fc.constantFrom('', 'tool:put#1 = tool/unavailable', 'tool:put#1 = tool/slow(ms: 5)')

/** `undefined`: refused, as the user's to fix. */
async function run(options: unknown, plan: string): Promise<Trial | undefined> {
  try {
    return await runTrial(defineScenario(options as never) as AnyScenario, { plan })
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).not.toBe('')
    return undefined
  }
}

describe('a scenario', () => {
  it('as it is, passes: what is tried below is odd, and nothing else', async () => {
    const trial = await runTrial(defineScenario(sound() as never) as AnyScenario)
    expect(trial.trace.goal).toBe(true)
    expect(trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
  })

  it('in which anything is anything else is refused or runs to an end, and passes only where its goal says so', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(somewhere, odd), { minLength: 1, maxLength: 2 }),
        plan,
        async (changes, plan) => {
          const options = changes.reduce<unknown>((made, [path, value]) => mutate(made, path, value), sound())
          const trial = await run(options, plan)
          const { goal, claim } = trial?.trace ?? {}
          if (trial) expect([true, false, null]).toContain(goal)
          const success = trial?.judgements.find(({ invariant }) => invariant === 'no-invented-success')
          // A goal that was missed and a success that was claimed are never both fine.
          if (claim === 'success' && goal === false && success) expect(success.verdict.kind).not.toBe('held')
        },
      ),
      fuzzing(300),
    ))

  it('of anything at all is refused', () =>
    fc.assert(
      fc.asyncProperty(odd, async (options) => {
        expect(await run(options, '')).toBeUndefined()
      }),
      fuzzing(100),
    ))
})

/** What an agent may tell of itself: names, attributes, statuses, times and links of any kind, ended twice or never. */
describe('a span', () => {
  it('of anything is recorded or left out, and costs no trial', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(odd, odd, odd, odd), { minLength: 1, maxLength: 3 }), async (spans) => {
        const agent = async ({ tools }: { tools: { put: (what: string) => Promise<string> } }) => {
          for (const [name, attributes, status, time] of spans) {
            for (const tell of telling(name, attributes, status, time)) {
              try {
                tell(trace.getTracer(name as never, status as never))
              } catch {}
            }
          }
          return tools.put('one')
        }
        const trial = await run({ ...sound(), agent, invariants: [traceComplete()] }, '')
        expect(trial?.trace.goal).toBe(true)
        expect(() => JSON.stringify(trial?.trace)).not.toThrow()
        for (const event of trial?.trace.events ?? []) {
          if (event.kind !== 'span') continue
          expect([typeof event.name, typeof event.scope]).toEqual(['string', 'string'])
          expect(Number.isFinite(event.startMs) && event.endMs >= event.startMs).toBe(true)
        }
      }),
      fuzzing(150),
    ))
})

type Tracer = ReturnType<typeof trace.getTracer>

function telling(name: unknown, attributes: unknown, status: unknown, time: unknown): ((tracer: Tracer) => void)[] {
  const start = (tracer: Tracer) =>
    tracer.startSpan(name as never, { attributes, startTime: time, links: attributes } as never)
  return [
    (tracer) => {
      const span = start(tracer)
      span.setAttribute(name as never, attributes as never)
      span.setAttributes(attributes as never)
      span.setStatus(status as never)
      span.addEvent(name as never, attributes as never, time as never)
      span.recordException(attributes as never)
      span.updateName(status as never)
      span.end(time as never)
      span.end()
    },
    (tracer) => start(tracer).recordException(status as never),
    (tracer) => tracer.startActiveSpan(name as never, (span: ReturnType<typeof start>) => span.end(time as never)),
  ]
}
