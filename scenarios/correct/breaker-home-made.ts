/**
 * Style: a circuit breaker of some thirty lines instead of a library. What makes it correct: its three states are told
 * apart by type; time is that of the clock that nobody sets; a single call tries a breaker that is half open, and gives
 * its permit back however it ends; answers from before it opened close nothing; and whoever is turned away waits for it
 * rather than for luck.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type BreakerHook, call, defineScenario, type Observe, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerConforms,
  breakerRecovers,
  breakerTrips,
  idempotencyKeysDisciplined,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
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
  /** Whoever watches it. */
  readonly #tell: BreakerHook
  #state: State = { kind: 'closed', failures: 0 }

  constructor(failuresMax: number, resetMs: number, tell: BreakerHook) {
    this.#failuresMax = failuresMax
    this.#resetMs = resetMs
    this.#tell = tell
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    const tries = this.#admit()
    const beganAt = performance.now()
    const tookMs = () => performance.now() - beganAt
    try {
      const result = await work()
      this.#tell.succeeded(tookMs())
      if (tries || this.#state.kind === 'closed') this.#close(tries)
      return result
    } catch (error) {
      // A refusal is an answer: the other side is well.
      if (isRefusal(error)) {
        this.#tell.ignored(tookMs())
        if (tries) this.#close(tries)
      } else {
        this.#tell.failed(tookMs())
        this.#fail(tries)
      }
      throw error
    }
  }

  /** Whether the call is the one that tries a breaker that was open. */
  #admit(): boolean {
    const now = performance.now()
    if (this.#state.kind === 'closed') return false
    if (this.#state.kind === 'half-open') throw this.#rejection(1_000)
    if (now < this.#state.until) throw this.#rejection(this.#state.until - now)
    this.#state = { kind: 'half-open' }
    this.#tell.halfOpened()
    return true
  }

  #rejection(waitMs: number): Rejected {
    this.#tell.rejected()
    return new Rejected(waitMs)
  }

  #close(tried: boolean): void {
    this.#state = { kind: 'closed', failures: 0 }
    if (tried) this.#tell.closed()
  }

  #fail(tried: boolean): void {
    if (this.#state.kind !== 'closed' && !tried) return
    const failures = this.#state.kind === 'closed' ? this.#state.failures + 1 : this.#failuresMax
    if (failures < this.#failuresMax) {
      this.#state = { kind: 'closed', failures }
      return
    }
    this.#state = { kind: 'open', until: performance.now() + this.#resetMs }
    this.#tell.opened()
  }
}

interface Library {
  search(query: { readonly topic: string }): Promise<readonly string[]>
  save(list: { readonly name: string; readonly key: string }): Promise<unknown>
}

const turnsMax = 12
const [failuresMax, resetMs, deadlineMs] = [3, 10_000, 8_000]

interface Watched {
  readonly observe: Observe
  readonly signal: AbortSignal
}

async function librarian(task: string, library: Library, { observe, signal: stop }: Watched): Promise<string> {
  const client = new Anthropic({ timeout: 15_000, maxRetries: 3 })
  const guard = (site: string) => new Breaker(failuresMax, resetMs, observe.breaker(site))
  const [searching, saving] = [guard('tool:search'), guard('tool:save')]
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  let saved = false
  const run = async ({ id, name, input }: Anthropic.ToolUseBlock): Promise<Anthropic.ToolResultBlockParam> => {
    const { topic, name: list } = input as { readonly topic?: string; readonly name?: string }
    try {
      const asked = name === 'search' ? topic : name === 'save' ? list : undefined
      if (typeof asked !== 'string') throw Object.assign(new Error('there is no such tool or input'), { status: 400 })
      const found =
        name === 'search'
          ? await stubbornly(searching, stop, () => library.search({ topic: asked }))
          : await stubbornly(saving, stop, () => library.save({ name: asked, key: `list:${asked}` }))
      saved ||= name === 'save'
      return { type: 'tool_result', tool_use_id: id, content: JSON.stringify(found ?? 'done') }
    } catch (error) {
      return { type: 'tool_result', tool_use_id: id, content: explain(error), is_error: true }
    }
  }
  for (let turn = 1; turn <= turnsMax && !saved; turn++) {
    const { content } = await ask(client, messages, stop)
    messages.push({ role: 'assistant', content })
    const calls = content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) break
    messages.push({ role: 'user', content: await Promise.all(calls.map(run)) })
  }
  if (!saved) throw new Error('the list was not saved')
  return 'The list is saved.'
}

/** Four tries that reach the other side; being turned away is none, and is sat out up to two minutes in all. */
async function stubbornly<T>(breaker: Breaker, stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + 120_000
  for (let tried = 0; ; ) {
    stop.throwIfAborted()
    try {
      return await breaker.call(() => inTime(deadlineMs, work()))
    } catch (error) {
      if (!(error instanceof Rejected)) tried++
      if (isRefusal(error) || tried === 4 || performance.now() > giveUpAt) throw error
      await sleep(error instanceof Rejected ? error.waitMs : 500 * 2 ** tried, undefined, { signal: stop })
    }
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
    return await client.messages.create(body, { signal: AbortSignal.any([stop, AbortSignal.timeout(180_000)]) })
  } catch (error) {
    // Of what breaks off in the middle the SDK does not know.
    if (error instanceof Anthropic.APIError || stop.aborted || again === 0) throw error
    await sleep(1_500, undefined, { signal: stop })
    return ask(client, messages, stop, again - 1)
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

function explain(error: unknown): string {
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
const guarded = ['tool:search', 'tool:save'].map((site) => ({ ...breaker, site }))

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
  agent: ({ task, tools: library, ...watched }) => librarian(task, library, watched),
  goal: ({ state }) => state.lists.join() === 'water',
  intents: [{ kind: 'list', id: 'water' }],
  latency: { modelMs: 4_000 },
  invariants: [
    breakerTrips({ turns: turnsMax, dependencies: guarded }),
    breakerRecovers({ dependencies: [{ ...breaker, site: 'tool:search' }] }),
    breakerConforms({ dependencies: guarded }),
    idempotencyKeysDisciplined({ kinds: ['list'] }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 12 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 12, tokens: 60_000, usd: 0.5, seconds: 400 } },
})
