/** A dispatch desk: parcels are shipped and buyers are written to. What its agents share, whichever API they ask. */
import { call, type ScenarioOptions, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  idempotencyKeysDisciplined,
  makesProgress,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'
import { mayPass, patiently, Refused, triesMax } from './patience.js'

export type Errand = { readonly order: string; readonly key: string }
export interface Dispatch {
  ship(errand: Errand): Promise<unknown>
  notify(errand: Errand): Promise<unknown>
}

export const turnsMax = 8
const repeatsMax = 3
const toolMsMax = 12_000
const names = ['ship', 'notify'] as const

/** What both APIs are told of a tool. */
export const tools = [
  { name: 'ship', description: 'Ships the parcel of an order.' },
  { name: 'notify', description: 'Tells the buyer of an order that it is on its way.' },
].map((tool) => ({
  ...tool,
  parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
}))

/** Runs what the model asks for, and knows what was done. */
export class Desk {
  readonly #dispatch: Dispatch
  readonly #stop: AbortSignal
  readonly #done = new Map<string, number>()

  constructor(dispatch: Dispatch, stop: AbortSignal) {
    this.#dispatch = dispatch
    this.#stop = stop
  }

  /** The result, as the model is to read it. */
  async run(name: string, input: string): Promise<string> {
    try {
      const { order } = JSON.parse(input) as { readonly order?: unknown }
      const tool = names.find((known) => known === name)
      if (!tool) throw new Refused(`there is no tool named ${name}`)
      if (typeof order !== 'string') throw new Refused('expected an order')
      const what = `${tool} ${order}`
      const times = this.#done.get(what) ?? 0
      if (times === repeatsMax) throw new Refused('this was done already')
      await patiently(() => inTime(this.#dispatch[tool]({ order, key: what })), this.#stop)
      this.#done.set(what, times + 1)
      return 'done'
    } catch (error) {
      const recoverable = mayPass(error)
      const suggestion = recoverable ? 'Try it again later.' : 'Correct the call, or leave it out.'
      const { name: error_type, message } = error as Error
      return JSON.stringify({ error_type, message, recoverable, suggestion })
    }
  }

  /** Throws where the model stopped before everything was done. */
  report(order: string): string {
    const left = names.filter((name) => !this.#done.has(`${name} ${order}`))
    if (left.length > 0) throw new Error(`not done: ${left.join(', ')}`)
    return `Order ${order} is on its way, and its buyer knows.`
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${toolMsMax} ms`)), toolMsMax)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}

interface State {
  readonly shipped: string[]
  readonly notified: string[]
}
type Agent = (order: string, task: string, desk: Desk, stop: AbortSignal) => Promise<string>

const order = '7'

/** The scenario of an agent. */
export function errandFor(name: string, agent: Agent): ScenarioOptions<State, Dispatch> {
  return {
    name,
    task: `Ship the parcel of order ${order} and tell its buyer.`,
    state: () => ({ shipped: [], notified: [] }),
    world: ({ state, effect }) => ({
      tools: {
        ship: ({ order, key }) =>
          effect({ kind: 'ship', intent: order, key, payload: { order } }, () => {
            state.shipped.push(order)
          }),
        notify: ({ order, key }) =>
          effect({ kind: 'notify', intent: order, key, payload: { order } }, () => {
            state.notified.push(order)
          }),
      },
    }),
    model: script([call('ship', { order }), call('notify', { order }), say('It is on its way.')]),
    agent: ({ task, tools: dispatch, signal }) => agent(order, task, new Desk(dispatch, signal), signal),
    goal: ({ state }) => state.shipped.length === 1 && state.notified.length === 1,
    intents: [
      { kind: 'ship', id: order },
      { kind: 'notify', id: order },
    ],
    invariants: [
      breakerTrips({ turns: turnsMax }),
      idempotencyKeysDisciplined({ kinds: ['ship', 'notify'] }),
      toolErrorsStructured(),
      backoffRespected(),
      permanentErrorsNotRetried(),
      transientErrorsRetried(),
      retryAmplificationBounded({ requests: triesMax }),
      makesProgress({ repeats: repeatsMax }),
      noEffectAfterStop(),
      nothingLeftRunning(),
      secretsNotLeaked(),
    ],
    budget: { reliability: 0.95, spend: { turns: turnsMax, tokens: 30_000, usd: 0.5, seconds: 300 } },
  }
}
