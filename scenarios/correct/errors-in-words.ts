/**
 * Style: a tool that failed is told to the model in plain words, as an ordinary result without the mark of an error; so
 * do many frameworks. What makes it correct: the words say that nothing was done for sure and whether to try again; each
 * booking has a key that names what is meant; turns and tries have an end; and the task is done when the calendar says
 * so, not when the model does.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  idempotencyKeysDisciplined,
  makesProgress,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  secretsNotLeaked,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

interface Calendar {
  book(booking: { readonly room: string; readonly day: string; readonly idempotencyKey: string }): Promise<unknown>
}

const turnsMax = 8
const booking = { room: 'Curie', day: 'Friday' }
const properties = { room: { type: 'string' }, day: { type: 'string' } }
const book: Anthropic.Tool = {
  name: 'book',
  description: 'Books a room for a day.',
  input_schema: { type: 'object', properties, required: ['room', 'day'] },
}

async function assistant(task: string, calendar: Calendar, stop: AbortSignal): Promise<string> {
  const client = new Anthropic({ timeout: 20_000 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  let booked = false
  let failures = 0
  for (let turn = 1; turn <= turnsMax && failures < 3; turn++) {
    const { content } = await ask(client, messages, stop)
    messages.push({ role: 'assistant', content })
    const calls = content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) break
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const { id } of calls) {
      const answer = booked ? 'The room is booked already.' : await tryToBook(calendar, stop)
      if (answer === 'booked') booked = true
      else if (!booked) failures++
      results.push({ type: 'tool_result', tool_use_id: id, content: answer })
    }
    messages.push({ role: 'user', content: results })
    if (booked) return `Room ${booking.room} is booked for ${booking.day}.`
  }
  throw new Error(`Room ${booking.room} could not be booked.`)
}

/** What fails before a body comes the SDK tries again; one that breaks off or stalls it leaves to its caller. */
async function ask(client: Anthropic, messages: Anthropic.MessageParam[], stop: AbortSignal) {
  for (let attempt = 1; ; attempt++) {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(120_000)])
    try {
      const question = { model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools: [book] }
      return await client.messages.create(question, { signal })
    } catch (error) {
      // Cut off at its deadline the SDK may have been waiting, as long as it was told to.
      const isFinal = error instanceof Anthropic.APIError
      if (isFinal || stop.aborted || attempt === 3) throw error
      await sleep(1_000 * attempt, undefined, { signal: stop })
    }
  }
}

/** In words that a person would use: the model is to read them. */
async function tryToBook(calendar: Calendar, stop: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    stop.throwIfAborted()
    const late = new AbortController()
    const deadline = sleep(15_000, undefined, late).then(() => Promise.reject(new Error('no answer in 15 s')))
    try {
      await Promise.race([
        calendar.book({ ...booking, idempotencyKey: `book:${booking.room}:${booking.day}` }),
        deadline,
      ])
      return 'booked'
    } catch (error) {
      const { message, status = 500 } = error as { readonly message: string; readonly status?: number }
      const mayPass = status >= 500 || [408, 409, 425, 429].includes(status)
      if (!mayPass) return `The calendar refused the booking for good: ${message}. Do not try again.`
      if (attempt === 3)
        return `The booking failed, and it is not sure that nothing was done: ${message}. Try again later.`
      await sleep(1_000 * 2 ** attempt + 500 * Math.random(), undefined, { signal: stop })
    } finally {
      deadline.catch(() => {})
      late.abort()
    }
  }
}

export default defineScenario({
  name: 'errors-in-words',
  task: 'Book the room Curie for Friday.',
  state: () => ({ bookings: {} as Record<string, string> }),
  world: ({ state, effect }) => ({
    tools: {
      book: ({ room, day, idempotencyKey: key }: Parameters<Calendar['book']>[0]) =>
        effect({ kind: 'booking', intent: `${room} ${day}`, key, payload: { room, day } }, () => {
          state.bookings[day] = room
        }),
    },
  }),
  model: script([call('book', booking), say('The room is booked.')]),
  agent: ({ task, tools, signal }) => assistant(task, tools, signal),
  goal: ({ state }) => state.bookings.Friday === 'Curie',
  intents: [{ kind: 'booking', id: 'Curie Friday' }],
  invariants: [
    breakerTrips({ turns: turnsMax }),
    idempotencyKeysDisciplined({ kinds: ['booking'] }),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    makesProgress({ repeats: 3 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.9, spend: { turns: 8, tokens: 30_000, usd: 0.5, seconds: 600 } },
})
