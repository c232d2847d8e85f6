/**
 * Schedules of calls through a breaker, run in real trials: when each call comes, how long its dependency takes and what
 * it answers. Shared by the tests that hold the libraries' own breakers to their profiles.
 */
import { type AgentContext, defineScenario, runTrial, say, script, type Trial } from 'agent-chaos'
import type { Invariant } from 'agent-chaos/invariants'
import fc from 'fast-check'

export interface Planned {
  /** After the one before. */
  readonly afterMs: number
  readonly tookMs: number
  readonly answers: 'well' | 503 | 400
}

interface Query {
  readonly n: number
  readonly tookMs: number
  readonly answers: Planned['answers']
}

export interface Tools {
  search(query: Query): Promise<string>
}

/** Calls in bursts and after pauses, in streaks of luck: of calls that fail at random few breakers ever open. */
export function schedules(spans: readonly number[], latencies: readonly number[]): fc.Arbitrary<readonly Planned[]> {
  const afterMs = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1) },
    { weight: 4, arbitrary: fc.constantFrom(...spans) },
  )
  const tookMs = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1, 10) },
    { weight: 2, arbitrary: fc.constantFrom(...latencies) },
  )
  const streak = fc
    .tuple(
      fc.constantFrom<readonly Planned['answers'][]>(['well'], [503], [503], [400], ['well', 503], ['well', 503, 400]),
      fc.integer({ min: 1, max: 10 }),
    )
    .chain(([answers, length]) =>
      fc.array(fc.record({ afterMs, tookMs, answers: fc.constantFrom(...answers) }), {
        minLength: length,
        maxLength: length,
      }),
    )
  return fc.array(streak, { minLength: 1, maxLength: 6 }).map((streaks) => streaks.flat())
}

/** What each call goes through. */
export type Guard = (send: () => Promise<string>) => Promise<unknown>

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** The trial of an agent that makes these calls and waits for none before the next. */
export function trialOf(
  schedule: readonly Planned[],
  guarded: (context: AgentContext<object, Tools>) => Guard,
  { invariants, plan = '' }: { readonly invariants: readonly Invariant[]; readonly plan?: string },
): Promise<Trial> {
  const scenario = defineScenario<object, Tools>({
    name: 'schedule',
    task: 'Search as planned.',
    world: () => ({ tools: { search } }),
    model: script([say('unused')]),
    agent: async (context) => {
      const guard = guarded(context)
      const calls: Promise<unknown>[] = []
      for (const [n, { afterMs, tookMs, answers }] of schedule.entries()) {
        if (afterMs > 0) await sleep(afterMs)
        calls.push(guard(() => context.tools.search({ n, tookMs, answers })).catch(() => {}))
      }
      await Promise.all(calls)
    },
    goal: () => true,
    invariants,
    // A breaker's own intervals go on for as long as an agent hangs, which is until ten times this.
    budget: { spend: { seconds: 30 } },
  })
  return runTrial(scenario, { plan })
}

async function search({ n, tookMs, answers }: Query): Promise<string> {
  if (tookMs > 0) await sleep(tookMs)
  if (answers === 'well') return `result ${n}`
  throw Object.assign(new Error(String(answers)), { status: answers })
}
