/**
 * Style: a saga over two services over HTTP that know no idempotency keys; requests are safe to repeat because of what
 * they are: `PUT` makes a booking of a name that the client has chosen, `DELETE` takes it back, and a name that was taken
 * back is never given out again. What makes it correct: each step is written down before it is taken; where a step cannot
 * be taken those before it are taken back, last one first, also after a crash in between; and the answer says which of the
 * two happened, or that neither could be brought to its end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  compensates,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

const turnsMax = 6
const timerMaxMs = 2 ** 31 - 1
const steps = [
  { kind: 'flight', url: 'https://flights.example.com/seats/' },
  { kind: 'hotel', url: 'https://hotels.example.com/rooms/' },
] as const

/** A row of the agency's database. `going`: steps may have been taken. `backing`: there is only the way back. */
interface Trip {
  status: 'going' | 'booked' | 'backing' | 'taken-back'
}
type Answer = 'booked' | 'taken-back' | 'neither'
class HttpError extends Error {
  readonly status: number
  readonly retryAfterMs: number
  constructor({ status, headers, url }: Response) {
    super(`${url} answered ${status}`)
    this.status = status
    this.retryAfterMs = msUntil(headers.get('retry-after'))
  }
}

/** Both methods may be repeated, whatever became of the first request. */
async function send(method: 'PUT' | 'DELETE', url: string, stop?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    stop?.throwIfAborted()
    try {
      const response = await fetch(url, { method, signal: AbortSignal.timeout(10_000) })
      if (response.ok) return
      throw new HttpError(response)
    } catch (error) {
      if (isFinal(error) || attempt === 5) throw error
      const advised = error instanceof HttpError ? error.retryAfterMs : 0
      const own = (1 + Math.random()) * 500 * 2 ** attempt
      await sleep(advised > 0 && advised <= timerMaxMs ? advised : own, undefined, { signal: stop })
    }
  }
}

/** Seconds or a date, as HTTP has it; NaN for neither. */
function msUntil(advice: string | null | undefined): number {
  const seconds = Number(advice ?? Number.NaN)
  return Number.isNaN(seconds) ? Date.parse(advice ?? '') - Date.now() : seconds * 1_000
}

function isFinal(error: unknown): boolean {
  const { status = 0 } = error as { readonly status?: number }
  return status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)
}

async function book(trips: Record<string, Trip>, id: string, stop: AbortSignal): Promise<void> {
  if (trips[id]?.status === 'booked') return
  trips[id] = { status: 'going' }
  for (const { url } of steps) await send('PUT', url + id, stop)
  trips[id] = { status: 'booked' }
}

/** Whoever calls the agent off wants nothing left behind: this goes on. */
async function takeBack(trips: Record<string, Trip>, id: string): Promise<void> {
  trips[id] = { status: 'backing' }
  for (const { url } of steps.toReversed()) await send('DELETE', url + id)
  trips[id] = { status: 'taken-back' }
}

async function travelAgent(task: string, trips: Record<string, Trip>, id: string, stop: AbortSignal): Promise<Answer> {
  try {
    // What was being taken back when the process ended is not begun again.
    if (trips[id]?.status !== 'backing') await converse(task, stop, () => book(trips, id, stop))
  } catch {
    // Whatever ended the conversation, what counts is how far the trip has come.
  }
  const status = trips[id]?.status
  if (status === 'booked' || status === 'taken-back') return status
  if (status === undefined) return 'neither'
  return takeBack(trips, id).then(
    () => 'taken-back',
    () => 'neither',
  )
}

async function converse(task: string, stop: AbortSignal, bookTrip: () => Promise<void>): Promise<void> {
  const client = new Anthropic({ timeout: 20_000 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  for (let turn = 1; turn <= turnsMax; turn++) {
    const { content } = await ask(client, messages, stop)
    messages.push({ role: 'assistant', content })
    const asked = content.filter((block) => block.type === 'tool_use')
    if (asked.length === 0) return
    const outcome = await bookTrip().then(
      () => ({ content: 'booked' }),
      (error) => ({ content: explain(error), is_error: true }),
    )
    messages.push({
      role: 'user',
      content: asked.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, ...outcome })),
    })
  }
}

async function ask(
  client: Anthropic,
  messages: Anthropic.MessageParam[],
  stop: AbortSignal,
  again = 2,
): Promise<Anthropic.Message> {
  const body = { model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }
  try {
    return await client.messages.create(body, { signal: AbortSignal.any([stop, AbortSignal.timeout(120_000)]) })
  } catch (error) {
    // Cut off at its deadline the SDK may have been waiting, as long as it was told to.
    const final = error instanceof Anthropic.APIError
    if (final || stop.aborted || again === 0) throw error
    await sleep(1_500, undefined, { signal: stop })
    return ask(client, messages, stop, again - 1)
  }
}

function explain(error: unknown): string {
  const recoverable = !isFinal(error)
  const suggestion = recoverable ? 'Ask once more.' : 'Tell the traveller that the trip cannot be booked.'
  const error_type = error instanceof HttpError ? `http_${error.status}` : 'no_answer'
  return JSON.stringify({ error_type, message: String(error), recoverable, suggestion })
}

const tools: Anthropic.Tool[] = [
  { name: 'bookTrip', description: 'Books the flight and the hotel.', input_schema: { type: 'object' } },
]

interface Bookings {
  readonly booked: string[]
  readonly takenBack: string[]
}

export default defineScenario({
  name: 'compensation',
  task: 'Book trip 7: the flight to Vienna, and the hotel there.',
  state: () => ({
    flight: { booked: [], takenBack: [] } as Bookings,
    hotel: { booked: [], takenBack: [] } as Bookings,
    trips: {} as Record<string, Trip>,
  }),
  world: ({ state, http }) => {
    for (const { kind, url } of steps) {
      const { booked, takenBack } = state[kind]
      http.service(
        new URL(url).origin,
        ({ method, url }) => {
          const name = url.pathname
          if (method === 'DELETE') {
            const changed = !takenBack.includes(name)
            if (changed) takenBack.push(name)
            return { status: 204, changed }
          }
          if (takenBack.includes(name)) return { status: 410 }
          if (booked.includes(name)) return { status: 200, changed: false }
          booked.push(name)
          return { status: 201 }
        },
        { intent: ({ method }) => ({ kind: method === 'PUT' ? kind : `${kind} taken back`, intent: '7' }) },
      )
    }
    return {}
  },
  model: script([call('bookTrip', {}), say('The trip is booked.')]),
  agent: ({ task, state, signal }) => travelAgent(task, state.trips, '7', signal),
  claims: (answer: Answer) => (answer === 'booked' ? 'success' : answer === 'taken-back' ? 'rolled-back' : 'failure'),
  goal: ({ state: { flight, hotel } }) =>
    [flight, hotel].every(({ booked, takenBack }) => booked.length === 1 && takenBack.length === 0),
  // What takes them back may happen too: `compensates` says so.
  intents: steps.map(({ kind }) => ({ kind, id: '7' })),
  invariants: [
    breakerTrips({ turns: turnsMax }),
    compensates({
      pairs: {
        flight: { kind: 'flight taken back', via: 'http:"DELETE flights.example.com/*"' },
        hotel: { kind: 'hotel taken back', via: 'http:"DELETE hotels.example.com/*"' },
      },
    }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 9 }),
    noEffectAfterStop({ except: steps.map(({ kind }) => `${kind} taken back`) }),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 6, tokens: 20_000, usd: 0.2, seconds: 600 } },
})
