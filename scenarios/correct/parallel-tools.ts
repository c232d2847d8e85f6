/**
 * Style: several tool calls in one reply run side by side. What makes it correct: `allSettled`, so that one failure leaves
 * no other call unwatched; one result for every call, in the order of the calls; a key for every person, so that whoever
 * may have got an invitation is not sent a second one; pauses with jitter, for the calls fail together; and a span for every call, whatever came of it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  idempotencyKeysDisciplined,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retriesNotInLockstep,
  retryAmplificationBounded,
  type SpanFacts,
  secretsNotLeaked,
  toolErrorsStructured,
  traceComplete,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

interface Calendar {
  freeSlots(query: { readonly person: string }): Promise<readonly string[]>
  invite(invitation: { readonly person: string; readonly slot: string; readonly key: string }): Promise<unknown>
}
type Input = { readonly person: string; readonly slot: string }

const turnsMax = 9
const patienceMs = 60_000
const timerMaxMs = 2 ** 31 - 1
const team = ['ada', 'edsger', 'grace'] as const

class Organiser {
  readonly #client = new Anthropic({ maxRetries: 0 })
  readonly #invited = new Set<string>()
  readonly #calendar: Calendar
  readonly #spans: SpanFacts[]
  readonly #stop: AbortSignal

  constructor(calendar: Calendar, spans: SpanFacts[], stop: AbortSignal) {
    this.#calendar = calendar
    this.#spans = spans
    this.#stop = stop
  }

  async organise(task: string): Promise<string> {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (let turn = 1; turn <= turnsMax; turn++) {
      const { content } = await persistently(this.#stop, () => this.#trace('chat', model, () => this.#ask(messages)))
      if (content.length > 0) messages.push({ role: 'assistant', content })
      const calls = content.filter((block) => block.type === 'tool_use')
      if (calls.length === 0) {
        const left = team.filter((person) => !this.#invited.has(person))
        if (left.length === 0) return 'Everybody is invited.'
        messages.push({ role: 'user', content: `Not invited yet: ${left.join(', ')}.` })
        continue
      }
      const settled = await Promise.allSettled(calls.map((asked) => this.#run(asked)))
      messages.push({
        role: 'user',
        content: settled.map((one, index) => ({
          type: 'tool_result',
          tool_use_id: calls[index]?.id ?? '',
          ...(one.status === 'fulfilled' ? { content: one.value } : { is_error: true, content: explain(one.reason) }),
        })),
      })
    }
    throw new Error(`not everybody is invited after ${turnsMax} turns`)
  }

  #ask(messages: Anthropic.MessageParam[]): Promise<Anthropic.Message> {
    return this.#client.messages.create(
      { model, max_tokens: 2_048, messages, tools },
      { signal: AbortSignal.any([this.#stop, AbortSignal.timeout(30_000)]) },
    )
  }

  async #run({ name, input }: Anthropic.ToolUseBlock): Promise<string> {
    const { person, slot } = input as Partial<Input>
    if (!person || !team.some((one) => one === person)) throw wrong(`${person} is not in the team`)
    const work = async () => {
      if (name === 'freeSlots') return this.#calendar.freeSlots({ person })
      if (name !== 'invite' || typeof slot !== 'string') throw wrong('expected a tool that there is, and a slot')
      await this.#calendar.invite({ person, slot, key: `stand-up/${person}` })
      this.#invited.add(person)
      return 'invited'
    }
    return JSON.stringify(await persistently(this.#stop, () => this.#trace('execute_tool', name, () => inTime(work()))))
  }

  async #trace<T>(operation: 'chat' | 'execute_tool', target: string, work: () => Promise<T>): Promise<T> {
    const startMs = Date.now()
    const end = (status: SpanFacts['status']) => {
      const named = operation === 'chat' ? 'gen_ai.request.model' : 'gen_ai.tool.name'
      const attributes = { 'gen_ai.operation.name': operation, [named]: target }
      this.#spans.push({ name: `${operation} ${target}`, attributes, startMs, endMs: Date.now(), status })
    }
    try {
      const result = await work()
      end('ok')
      return result
    } catch (error) {
      end('error')
      throw error
    }
  }
}

/** One layer of retries for the model and the tools alike; it waits as long as it is asked to, within reason. */
async function persistently<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    stop.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (isFinal(error) || attempt === 4) throw error
      const { headers } = error as { readonly headers?: Headers }
      const advised = msUntil(headers?.get?.('retry-after'))
      // Whoever is to stay away for longer gives up, and does not come back early. No clock waits for months.
      if (advised > patienceMs && advised <= timerMaxMs) throw error
      await sleep(
        advised > 0 && advised <= patienceMs ? advised : 400 * 2 ** attempt * (1 + Math.random() / 4),
        undefined,
        { signal: stop },
      )
    }
  }
}

/** Seconds or a date, as HTTP has it; NaN for neither. */
function msUntil(advice: string | null | undefined): number {
  const seconds = Number(advice ?? Number.NaN)
  return Number.isNaN(seconds) ? Date.parse(advice ?? '') - Date.now() : seconds * 1_000
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new AbortController()
  const deadline = sleep(15_000, undefined, { signal: late.signal }).then(
    () => Promise.reject(new Error('no answer in 15 s')),
    () => new Promise<never>(() => {}),
  )
  return Promise.race([work, deadline]).finally(() => late.abort())
}

/** What the model got wrong: asking for the same again is of no use. */
function wrong(message: string): Error {
  return Object.assign(new Error(message), { status: 400 })
}

function isFinal(error: unknown): boolean {
  const { status } = error as { readonly status?: number }
  return status !== undefined && status < 500 && ![408, 409, 429].includes(status)
}

function explain(error: unknown): string {
  const { message, name } = error as Error
  return JSON.stringify({
    error_type: name,
    message,
    recoverable: !isFinal(error),
    suggestion: isFinal(error) ? 'Leave this person out and say so.' : 'Ask for the same again.',
  })
}

const model = 'claude-haiku-4-5'
const person = { type: 'string', enum: [...team] }
const tools: Anthropic.Tool[] = [
  {
    name: 'freeSlots',
    description: 'When somebody has time.',
    input_schema: { type: 'object', properties: { person }, required: ['person'] },
  },
  {
    name: 'invite',
    description: 'Invites somebody to the meeting in a slot.',
    input_schema: { type: 'object', properties: { person, slot: { type: 'string' } }, required: ['person', 'slot'] },
  },
]

export default defineScenario({
  name: 'parallel-tools',
  task: `Find a slot in which ${team.join(', ')} have time, and invite them to the stand-up.`,
  state: () => ({ invitations: {} as Record<string, string[]>, spans: [] as SpanFacts[] }),
  world: ({ state, effect }) => {
    const calendar: Calendar = {
      freeSlots: async ({ person }) => (person === 'ada' ? ['Tue 9:00', 'Wed 9:00'] : ['Wed 9:00', 'Fri 9:00']),
      invite: ({ person, slot, key }) =>
        effect({ kind: 'invitation', intent: person, key, payload: { person, slot } }, () => {
          state.invitations[person] = [...(state.invitations[person] ?? []), slot]
        }),
    }
    return { tools: calendar }
  },
  model: script([
    team.map((person) => call('freeSlots', { person })),
    team.map((person) => call('invite', { person, slot: 'Wed 9:00' })),
    say('All three are invited for Wednesday at nine.'),
  ]),
  agent: ({ task, tools: calendar, state, signal }) => new Organiser(calendar, state.spans, signal).organise(task),
  goal: ({ state }) => team.every((person) => state.invitations[person]?.join() === 'Wed 9:00'),
  intents: team.map((id) => ({ kind: 'invitation', id })),
  invariants: [
    breakerTrips({ turns: turnsMax }),
    idempotencyKeysDisciplined({ kinds: ['invitation'] }),
    toolErrorsStructured(),
    traceComplete({ spans: (state) => (state as { readonly spans: readonly SpanFacts[] }).spans }),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 4 }),
    retriesNotInLockstep(),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 9, tokens: 40_000, usd: 0.3, seconds: 300 } },
})
