/** The smallest endpoint that a real client can talk to: provider, model and transport, with time that is told to pass. */
import Anthropic, { type ClientOptions } from '@anthropic-ai/sdk'
import { IssuedIds } from '../../../harness/boundaries/model/issued-ids.js'
import type { Reply } from '../../../harness/contracts/conversation.js'
import type { Model } from '../../../harness/contracts/model.js'
import type {
  ModelCall,
  ProviderSession,
  Refusal,
  WireAnswer,
  WireRequest,
} from '../../../harness/contracts/provider.js'
import type { BodyEnd, Delivery, Exchange, Settlement } from '../../../harness/contracts/transport.js'
import { anthropic } from '../../../harness/providers/anthropic/index.js'
import { openSession as openMessages } from '../../../harness/providers/anthropic/session.js'
import { memoryFetch } from '../../../harness/transports/memory/memory.js'

/** A clock that moves only by `pass`. */
export class HandClock {
  nowMs = 0
  readonly slept: number[] = []
  #waits: { readonly at: number; readonly wake: () => void }[] = []

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      this.slept.push(ms)
      const wait = { at: this.nowMs + ms, wake: resolve }
      this.#waits.push(wait)
      signal?.addEventListener('abort', () => {
        this.#waits = this.#waits.filter((other) => other !== wait)
        reject(signal.reason)
      })
    })

  get pending(): number {
    return this.#waits.length
  }

  async pass(ms: number): Promise<void> {
    const until = this.nowMs + ms
    await turns()
    for (;;) {
      const next = this.#waits.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0]
      if (!next) break
      this.#waits = this.#waits.filter((wait) => wait !== next)
      this.nowMs = next.at
      next.wake()
      await turns()
    }
    this.nowMs = until
  }
}

/** Lets everything that waits on nothing but promises go on. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export function deliver(answer: WireAnswer, end: BodyEnd = 'close', afterMs = 0): Delivery {
  return { kind: 'answer', ...answer, chunks: answer.chunks.map((text) => ({ afterMs, text })), end }
}

export interface Simulation {
  readonly client: Anthropic
  readonly fetch: typeof fetch
  readonly clock: HandClock
  readonly reads: (ModelCall | Refusal)[]
  readonly requests: WireRequest[]
  readonly settled: Settlement[]
}

/** What becomes of the `index`-th request (from 0); `undefined` for the model's own answer. */
export type Disturbance = (index: number, session: ProviderSession, own: () => WireAnswer) => Delivery | undefined

export function simulate(
  model: Model,
  disturb: Disturbance = () => undefined,
  options: ClientOptions = {},
): Simulation {
  const session = openMessages()
  const ids = new IssuedIds()
  const clock = new HandClock()
  const reads: (ModelCall | Refusal)[] = []
  const requests: WireRequest[] = []
  const settled: Settlement[] = []
  const endpoint = (request: WireRequest): Exchange => {
    const index = requests.push(request) - 1
    const read = session.read(request)
    reads.push(read)
    const own = () =>
      read.kind === 'refusal'
        ? read.answer
        : writeAnswer(
            session,
            read,
            ids.issue(model.reply(ids.asModelKnows(read.conversation, callIds), chance), callIds),
          )
    return { delivery: disturb(index, session, own) ?? deliver(own()), settle: (how) => settled.push(how) }
  }
  const answer = memoryFetch(endpoint, clock.sleep)
  const simulated: typeof fetch = (input, init) =>
    answer(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url, input, init)
  const client = new Anthropic({ apiKey: 'sk-ant-test', fetch: simulated, maxRetries: 0, ...options })
  return { client, fetch: simulated, clock, reads, requests, settled }
}

const { callIds } = anthropic
const chance = { random: () => 0 }

function writeAnswer(session: ProviderSession, call: ModelCall, reply: Reply): WireAnswer {
  return session.write(call, reply, { inputTokens: call.inputTokens, outputTokens: 7 })
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('Expected a rejection.')
}
