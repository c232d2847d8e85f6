/**
 * Applications whose exhaustive counts were published for service-level fault injection (Filibuster), and an agent of twenty
 * steps. Each is a scenario whose calls are tools: a call that contains another is a tool that calls one.
 */
import { defineScenario, say, script } from 'agent-chaos'
import { defineFault, type FailureCode, type Fault } from 'agent-chaos/faults'
import type { Scenario } from '../../../harness/contracts/scenario.js'

/** How a call can go wrong, by its name in the publication. */
const failures = {
  Timeout: 'server-error',
  ConnectionError: 'refused',
  '403': 'rate-limited',
  '404': 'not-found',
  '500': 'unauthorized',
  '503': 'unavailable',
  '504': 'conflict',
} as const satisfies Record<string, FailureCode>
type Failure = keyof typeof failures

/** What came of a call: nothing that went wrong, or what. */
type Outcome = Failure | undefined
type Call = (name: string, inner?: () => Promise<Outcome>) => Promise<Outcome>

const EX: readonly Failure[] = ['Timeout', 'ConnectionError']

interface Application {
  readonly calls: Readonly<Record<string, readonly Failure[]>>
  run(call: Call): Promise<void>
}

/** A tool is struck only by faults that need a trait of it, so that each call has its own kinds of failure. */
export function scenarioOf(name: string, { calls, run }: Application): Scenario {
  return defineScenario({
    name,
    task: 'none',
    state: () => ({}),
    world: () => ({ tools: {} }),
    model: script([say('not asked')]),
    agent: async ({ instrument }) => {
      const inner = new Map<string, () => Promise<Outcome>>()
      const tools = instrument(
        Object.fromEntries(
          Object.keys(calls).map((each) => [
            each,
            async () => {
              const outcome = await inner.get(each)?.()
              if (outcome !== undefined) throw new Reported(outcome)
              return 'ok'
            },
          ]),
        ),
      ) as Readonly<Record<string, () => Promise<unknown>>>
      await run(async (each, within) => {
        inner.set(each, within ?? (async () => undefined))
        try {
          await tools[each]?.()
          return undefined
        } catch (error) {
          return outcomeOf(error)
        }
      })
      return 'done'
    },
    goal: () => true,
    faults: faultsOf(),
  }) as unknown as Scenario
}

class Reported extends Error {
  readonly outcome: Failure
  constructor(outcome: Failure) {
    super(outcome)
    this.outcome = outcome
  }
}

const codes: Readonly<Record<string, Failure>> = {
  INTERNAL: 'Timeout',
  ECONNREFUSED: 'ConnectionError',
  RATE_LIMITED: '403',
  NOT_FOUND: '404',
  UNAUTHORIZED: '500',
  UNAVAILABLE: '503',
  CONFLICT: '504',
}

function outcomeOf(error: unknown): Failure {
  if (error instanceof Reported) return error.outcome
  const known = codes[(error as { readonly code: string }).code]
  if (known === undefined) throw error
  return known
}

function faultsOf(): Fault[] {
  return (Object.entries(failures) as [Failure, FailureCode][]).map(([name, code]) =>
    defineFault({
      name: `corpus/${name.toLowerCase()}`,
      summary: `The call ends in ${name}.`,
      class: 'transient',
      boundaries: ['tool'],
      params: {},
      action: () => ({ kind: 'reject', code }),
    }),
  )
}

/** Which of the faults a call of the application can meet. */
export function meets({ calls }: Application, target: string, fault: string): boolean {
  return (calls[target] ?? []).some((failure) => fault === `corpus/${failure.toLowerCase()}`)
}

const bookings: readonly Failure[] = [...EX, '503', '404', '500']
const movies: readonly Failure[] = [...EX, '503', '404']
const four: readonly Failure[] = [...EX, '503', '404']

export const applications: Readonly<Record<string, Application & { readonly exhaustive: number }>> = {
  'cinema 1': {
    exhaustive: 10,
    calls: { bookings, movies },
    run: async (call) => {
      if ((await call('bookings')) === undefined) await call('movies')
    },
  },
  'cinema 2': {
    exhaustive: 10,
    calls: { bookings, movies },
    run: async (call) => {
      await call('bookings', () => call('movies'))
    },
  },
  'cinema 3': {
    exhaustive: 91,
    calls: { bookings, movies },
    run: async (call) => {
      const attempt = () => call('bookings', async () => ((await call('movies')) === undefined ? undefined : '503'))
      if ((await attempt()) !== undefined) await attempt()
    },
  },
  'cinema 4': {
    exhaustive: 34,
    calls: {
      imdb: ['ConnectionError'],
      bookings,
      fandango: ['ConnectionError'],
      movies,
      rottentomatoes: ['ConnectionError'],
    },
    run: async (call) => {
      await call('imdb')
      await call('bookings', async () => {
        await call('fandango')
        const failed = await call('movies', async () => {
          await call('rottentomatoes')
          return undefined
        })
        return failed === undefined ? undefined : '503'
      })
    },
  },
  'cinema 5': {
    exhaustive: 25,
    calls: { one: four, other: four },
    run: async (call) => {
      await call('one')
      await call('other')
    },
  },
  'cinema 6': {
    exhaustive: 41,
    calls: { primary: four, secondary: four, movies: four },
    run: async (call) => {
      const failed = (await call('primary')) !== undefined && (await call('secondary')) !== undefined
      if (!failed) await call('movies')
    },
  },
  'cinema 8': {
    exhaustive: 21,
    calls: { one: four },
    run: async (call) => {
      if ((await call('one')) !== undefined) await call('one')
    },
  },
  audible: {
    exhaustive: 69,
    calls: {
      cde: [...EX, '404', '500'],
      cds: [...EX, '404', '403', '500', '504'],
      ads: [...EX, '403', '404', '500', '503'],
      ownership: [...EX, '404', '403', '500'],
      activation: [...EX, '404', '500'],
      stats: [...EX, '500'],
      metadata: [...EX, '404', '500', '503'],
      audio: [...EX, '404', '500', '503'],
    },
    run: async (call) => {
      const isEx = (outcome: Outcome) => outcome !== undefined && EX.includes(outcome)
      const through = async (name: string) => {
        const outcome = await call(name)
        return isEx(outcome) ? '503' : outcome
      }
      if ((await call('cde')) !== undefined) return
      await call('cds', async () => {
        const ads = await call('ads', async () => {
          const failed = (await through('ownership')) ?? (await through('activation'))
          if (failed === undefined) await call('stats')
          return failed
        })
        if (ads !== undefined) return isEx(ads) || ads === '503' ? '504' : ads
        if ((await call('metadata')) !== undefined) return '500'
        return (await call('audio')) === undefined ? undefined : '500'
      })
    },
  },
}

export const steps = 20

/** Twenty steps in order, each a call with four kinds of failure and one retry; where both tries fail, it stops. */
export const twentySteps: Application = {
  calls: Object.fromEntries(Array.from({ length: steps }, (_, index) => [`step-${index}`, four])),
  run: async (call) => {
    for (let index = 0; index < steps; index++) {
      const failed = (await call(`step-${index}`)) !== undefined && (await call(`step-${index}`)) !== undefined
      if (failed) return
    }
  },
}
