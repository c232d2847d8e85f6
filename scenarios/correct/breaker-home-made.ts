/**
 * Style: a circuit breaker of some thirty lines instead of a library. What makes it correct: its three states are told
 * apart by type; time is that of the clock that nobody sets; a single call tries a breaker that is half open, and gives
 * its permit back however it ends; answers from before it opened close nothing; and whoever is turned away waits for it
 * rather than for luck.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerRecovers,
  breakerTrips,
  idempotencyKeysDisciplined,
  permanentErrorsNotRetried,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open' }

class Rejected extends Error {
  readonly waitMs: number
  constructor(waitMs: number) {
    super('left alone for now')
    this.waitMs = waitMs
  }
}

class Breaker {
  readonly #failuresMax: number
  readonly #resetMs: number
  #state: State = { kind: 'closed', failures: 0 }

  constructor(failuresMax: number, resetMs: number) {
    this.#failuresMax = failuresMax
    this.#resetMs = resetMs
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    const tries = this.#admit()
    try {
      const result = await work()
      if (tries || this.#state.kind === 'closed') this.#state = { kind: 'closed', failures: 0 }
      return result
    } catch (error) {
      this.#failed(error, tries)
      throw error
    }
  }

  /** Whether the call is the one that tries a breaker that was open. */
  #admit(): boolean {
    const now = performance.now()
    if (this.#state.kind === 'closed') return false
    if (this.#state.kind === 'half-open') throw new Rejected(1_000)
    if (now < this.#state.until) throw new Rejected(this.#state.until - now)
    this.#state = { kind: 'half-open' }
    return true
  }

  #failed(error: unknown, tries: boolean): void {
    const open: State = { kind: 'open', until: performance.now() + this.#resetMs }
    // A refusal is an answer: the other side is well.
    if (isRefusal(error)) this.#state = tries ? { kind: 'closed', failures: 0 } : this.#state
    else if (tries) this.#state = open
    else if (this.#state.kind === 'closed') {
      const failures = this.#state.failures + 1
      this.#state = failures >= this.#failuresMax ? open : { kind: 'closed', failures }
    }
  }
}

interface Library {
  search(query: { readonly topic: string }): Promise<readonly string[]>
  save(list: { readonly name: string; readonly key: string }): Promise<unknown>
}

const turnsMax = 12
const [failuresMax, resetMs, deadlineMs] = [3, 10_000, 8_000]

async function librarian(task: string, library: Library): Promise<string> {
  const client = new Anthropic({ timeout: 15_000, maxRetries: 3 })
  const [searching, saving] = [new Breaker(failuresMax, resetMs), new Breaker(failuresMax, resetMs)]
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  let saved = false
  const run = async ({ id, name, input }: Anthropic.ToolUseBlock): Promise<Anthropic.ToolResultBlockParam> => {
    const { topic, name: list } = input as { readonly topic: string; readonly name: string }
    try {
      const found =
        name === 'search'
          ? await stubbornly(searching, () => library.search({ topic }))
          : await stubbornly(saving, () => library.save({ name: list, key: `list:${list}` }))
      saved ||= name === 'save'
      return { type: 'tool_result', tool_use_id: id, content: JSON.stringify(found ?? 'done') }
    } catch (error) {
      return { type: 'tool_result', tool_use_id: id, content: explained(error), is_error: true }
    }
  }
  for (let turn = 1; turn <= turnsMax && !saved; turn++) {
    const { content } = await ask(client, messages)
    messages.push({ role: 'assistant', content })
    const calls = content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) break
    messages.push({ role: 'user', content: await Promise.all(calls.map(run)) })
  }
  if (!saved) throw new Error('the list was not saved')
  return 'The list is saved.'
}

/** Four tries that reach the other side; being turned away is none, and is sat out up to two minutes in all. */
async function stubbornly<T>(breaker: Breaker, work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + 120_000
  for (let tried = 0; ; ) {
    try {
      return await breaker.call(() => inTime(deadlineMs, work()))
    } catch (error) {
      if (!(error instanceof Rejected)) tried++
      if (isRefusal(error) || tried === 4 || performance.now() > giveUpAt) throw error
      await sleep(error instanceof Rejected ? error.waitMs : 500 * 2 ** tried)
    }
  }
}

async function ask(client: Anthropic, messages: Anthropic.MessageParam[], again = 2): Promise<Anthropic.Message> {
  const body = { model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }
  try {
    return await client.messages.create(body, { signal: AbortSignal.timeout(180_000) })
  } catch (error) {
    // Of what breaks off in the middle the SDK does not know.
    if (error instanceof Anthropic.APIError || again === 0) throw error
    await sleep(1_500)
    return ask(client, messages, again - 1)
  }
}

function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function isRefusal(error: unknown): boolean {
  const { status = 0 } = error as { readonly status?: number }
  return status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)
}

function explained(error: unknown): string {
  const [recoverable, message] = [!isRefusal(error), String(error)]
  const suggestion = recoverable ? 'Come back to it later.' : 'Do without it.'
  return JSON.stringify({ error_type: recoverable ? 'unavailable' : 'refused', message, recoverable, suggestion })
}

const text = { type: 'string' }
const tools: Anthropic.Tool[] = [
  { name: 'search', description: 'Searches books.', input_schema: { type: 'object', properties: { topic: text } } },
  { name: 'save', description: 'Saves the list.', input_schema: { type: 'object', properties: { name: text } } },
]
const topics = ['dikes', 'tides', 'wind', 'sand', 'pumps', 'storms', 'polders', 'sluices', 'rain']
const breaker = {
  trips: { kind: 'consecutive', failures: failuresMax },
  resetAfterMs: resetMs,
  timeoutMs: deadlineMs,
  uncountedAre: 'neutral',
} as const

export default defineScenario({
  name: 'breaker-home-made',
  task: `Search for books on ${topics.join(', ')}, and save the list as "water".`,
  state: () => ({ lists: [] as string[] }),
  world: ({ state, effect }) => {
    const library: Library = {
      search: async ({ topic }) => [`On ${topic}`, `More on ${topic}`],
      save: ({ name, key }) =>
        effect({ kind: 'list', intent: name, key, payload: { name } }, () => {
          state.lists.push(name)
        }),
    }
    return { tools: library }
  },
  // Three searches at a time, side by side.
  model: script([
    ...[0, 3, 6].map((from) => topics.slice(from, from + 3).map((topic) => call('search', { topic }))),
    call('save', { name: 'water' }),
    say('The list is saved.'),
  ]),
  agent: ({ task, tools: library }) => librarian(task, library),
  goal: ({ state }) => state.lists.join() === 'water',
  intents: [{ kind: 'list', id: 'water' }],
  latency: { modelMs: 4_000 },
  invariants: [
    breakerTrips({
      turns: turnsMax,
      dependencies: [
        { ...breaker, site: 'tool:search' },
        { ...breaker, site: 'tool:save' },
      ],
    }),
    breakerRecovers({ dependencies: [{ ...breaker, site: 'tool:search' }] }),
    idempotencyKeysDisciplined({ kinds: ['list'] }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
  ],
  budget: { reliability: 0.95, spend: { turns: 12, tokens: 60_000, usd: 0.5, seconds: 400 } },
})
