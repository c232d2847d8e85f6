/** The smallest scenario: an agent, one way to change the world, and no model. Shared by the tests of the world. */
import {
  type AgentContext,
  defineScenario,
  type EffectFunction,
  runTrial,
  type ScenarioOptions,
  say,
  script,
} from 'agent-chaos'
import { catalogue, defineFault, type Fault } from 'agent-chaos/faults'

export type Log = string[]

export type Agent = (context: AgentContext<Log, unknown> & { readonly effect: EffectFunction }) => unknown

/** Faults beyond the catalogue, so that every action is carried out by some plan. */
const late = { ms: 60_000, timeoutMs: 10_000 } as const
export const faults: readonly Fault[] = [
  ...catalogue,
  defineFault({
    name: 'test/late',
    summary: 'Told of a timeout after ten seconds, carried out after sixty.',
    class: 'indeterminate',
    boundaries: ['tool', 'effect'],
    params: {},
    action: () => ({ kind: 'late', ...late }),
  }),
  defineFault({
    name: 'test/pretend',
    summary: 'Looks done and is not.',
    class: 'deceptive',
    boundaries: ['tool', 'effect'],
    params: {},
    action: () => ({ kind: 'pretend', result: { fine: true } }),
  }),
  defineFault({
    name: 'test/slow',
    summary: 'Five seconds later.',
    class: 'transient',
    boundaries: ['tool', 'effect'],
    params: {},
    action: () => ({ kind: 'delay', ms: 5_000 }),
  }),
  defineFault({
    name: 'test/twice',
    summary: 'Delivered twice.',
    class: 'indeterminate',
    boundaries: ['effect'],
    params: {},
    action: () => ({ kind: 'repeat', times: 1, gapMs: 1_000 }),
  }),
  defineFault({
    name: 'test/lost',
    summary: 'Applied, and the connection is reset.',
    class: 'indeterminate',
    boundaries: ['effect'],
    params: {},
    action: () => ({ kind: 'drop', when: 'after', symptom: 'reset', timeoutMs: 0 }),
  }),
]

/** Runs `agent`, which finds `effect` and a log that is the world's memory in its context. */
export async function trial(agent: Agent, plan = '', options: Partial<ScenarioOptions<Log, unknown>> = {}) {
  let effect: EffectFunction | undefined
  const scenario = defineScenario<Log, unknown>({
    name: 'world',
    task: 'Change the world.',
    state: () => [],
    model: script([say('unused')]),
    goal: () => true,
    faults,
    ...options,
    world: (context) => {
      effect = context.effect
      return options.world?.(context) ?? {}
    },
    agent: (context) => {
      if (!effect) throw new Error('the world comes before the agent')
      return agent({ ...context, effect })
    },
  })
  return runTrial(scenario, { plan })
}

export type Tried = Awaited<ReturnType<typeof trial>>

/** What the ledger says, entry by entry: when, what became of it, which steps. */
export function ledgerOf({ trace }: Tried): (readonly [number, string, readonly number[]])[] {
  return trace.events.flatMap((event) =>
    event.kind === 'effect' ? [[event.at, event.status, event.steps] as const] : [],
  )
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('expected a rejection')
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
