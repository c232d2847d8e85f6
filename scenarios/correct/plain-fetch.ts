/**
 * Style: no SDK; the model's API is called with `fetch`. What makes it correct: the status and the body are both read, and
 * a reply counts only if it is a whole message that says why it ended; there is one layer of retries, with jitter, that
 * waits as long as it is asked to, within reason; the deadline holds for the body too; a model that goes in circles is
 * told so, and no tool is run for it; and the key goes into a header and nowhere else.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { call, defineScenario, say, script } from 'agent-chaos'
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

interface ToolUse {
  readonly type: 'tool_use'
  readonly id: string
  readonly name: string
  readonly input: { readonly sku?: unknown; readonly units?: unknown }
}
type Block = ToolUse | { readonly type: 'text'; readonly text: string }
interface Reply {
  readonly content: readonly Block[]
  readonly stop_reason: string | null
}
type Message = { readonly role: 'user' | 'assistant'; readonly content: unknown }

interface Warehouse {
  stock(query: { readonly sku: string }): Promise<{ readonly units: number }>
  order(order: { readonly sku: string; readonly units: number; readonly key: string }): Promise<unknown>
}

const turnsMax = 8
const triesMax = 4
const repeatsMax = 3
const modelMsMax = 40_000
const toolMsMax = 12_000

class Refused extends Error {
  readonly status: number
  readonly retryAfter: string | null
  constructor(status: number, message: string, retryAfter: string | null = null) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

class Clerk {
  readonly #endpoint: string
  readonly #warehouse: Warehouse
  readonly #stop: AbortSignal
  readonly #ordered = new Set<string>()
  /** How often each call was answered. */
  readonly #answered = new Map<string, number>()

  constructor(baseURL: string, warehouse: Warehouse, stop: AbortSignal) {
    this.#endpoint = `${baseURL}/v1/messages`
    this.#warehouse = warehouse
    this.#stop = stop
  }

  async restock(task: string, skus: readonly string[]): Promise<string> {
    const messages: Message[] = [{ role: 'user', content: task }]
    for (let turn = 1; turn <= turnsMax; turn++) {
      const { content } = await this.#retry(() => this.#ask(messages))
      messages.push({ role: 'assistant', content })
      const calls = content.filter((block) => block.type === 'tool_use')
      if (calls.length === 0) break
      const results: unknown[] = []
      for (const asked of calls) results.push(await this.#run(asked))
      messages.push({ role: 'user', content: results })
    }
    const left = skus.filter((sku) => !this.#ordered.has(sku))
    if (left.length > 0) throw new Error(`not ordered: ${left.join(', ')}`)
    return 'Everything is ordered.'
  }

  async #ask(messages: readonly Message[]): Promise<Reply> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'anthropic-version': '2023-06-01',
        'x-api-key': `${process.env.ANTHROPIC_API_KEY}`,
      },
      body: JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }),
      signal: AbortSignal.any([this.#stop, AbortSignal.timeout(modelMsMax)]),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Refused(
        response.status,
        `the model API answered ${response.status}`,
        response.headers.get('retry-after'),
      )
    }
    const reply = (await response.json()) as Partial<Reply>
    const { content, stop_reason } = reply
    if (!Array.isArray(content) || !stop_reason) throw new Error('the reply is not all there')
    if (stop_reason === 'max_tokens') throw new Refused(422, 'the reply ran into its limit')
    return { content, stop_reason }
  }

  async #run({ id, name, input }: ToolUse): Promise<object> {
    const result = { type: 'tool_result', tool_use_id: id }
    const asked = JSON.stringify([name, input])
    const times = this.#answered.get(asked) ?? 0
    try {
      if (times === repeatsMax) throw new Refused(422, `this call was answered ${times} times already`)
      const done = await this.#retry(() => inTime(this.#call(name, input)))
      this.#answered.set(asked, times + 1)
      return { ...result, content: JSON.stringify(done) }
    } catch (error) {
      return { ...result, is_error: true, content: explain(error) }
    }
  }

  async #call(name: string, { sku, units }: ToolUse['input']): Promise<object> {
    if (typeof sku !== 'string' || !skus.includes(sku)) throw new Refused(404, `no article is named ${sku}`)
    if (name === 'stock') return this.#warehouse.stock({ sku })
    if (name !== 'order' || typeof units !== 'number')
      throw new Refused(400, 'expected a tool that there is, and units')
    await this.#warehouse.order({ sku, units, key: `restock-${sku}-${units}` })
    this.#ordered.add(sku)
    return { ordered: sku, units }
  }

  /** The only layer that tries again. Nothing is begun once the agent was called off. */
  async #retry<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      this.#stop.throwIfAborted()
      try {
        return await work()
      } catch (error) {
        if (!mayPass(error) || advisedMs(error) > patienceMs || tried === triesMax) throw error
        const own = 500 * 2 ** tried * (0.5 + Math.random() / 2)
        await sleep(Math.max(own, advisedMs(error)), undefined, { signal: this.#stop })
      }
    }
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer in ${toolMsMax} ms`)), toolMsMax)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}

/** What has no status broke off or never arrived: asking again does no harm, and orders go under a key. */
function mayPass(error: unknown): boolean {
  const { status = 500 } = error as { readonly status?: number }
  return status >= 500 || [408, 409, 425, 429].includes(status)
}

/** Whoever is to stay away for longer gives up, and does not come back early. */
const patienceMs = 60_000

/** 0 for none, for nonsense, and for more than a clock can wait. */
function advisedMs(error: unknown): number {
  const ms = error instanceof Refused ? msUntil(error.retryAfter) : 0
  return ms > 0 && ms < 2 ** 31 ? ms : 0
}

/** Seconds or a date, as HTTP has it; NaN for neither. */
function msUntil(advice: string | null | undefined): number {
  const seconds = Number(advice ?? Number.NaN)
  return Number.isNaN(seconds) ? Date.parse(advice ?? '') - Date.now() : seconds * 1_000
}

function explain(error: unknown): string {
  const recoverable = mayPass(error)
  const { name, message } = error as Error
  const suggestion = recoverable ? 'The same call may be made again later.' : 'Correct the call, or leave it out.'
  return JSON.stringify({ error_type: name, message, recoverable, suggestion })
}

const skus = ['bolts', 'nuts', 'washers']
const sku = { type: 'string', enum: skus }
const tools = [
  {
    name: 'stock',
    description: 'How many units of an article there are.',
    input_schema: { type: 'object', properties: { sku }, required: ['sku'] },
  },
  {
    name: 'order',
    description: 'Orders units of an article.',
    input_schema: { type: 'object', properties: { sku, units: { type: 'integer' } }, required: ['sku', 'units'] },
  },
]

export default defineScenario({
  name: 'plain-fetch',
  task: `See how many ${skus.join(', ')} there are, and order what is missing of 100.`,
  state: () => ({ ordered: {} as Record<string, number> }),
  world: ({ state, effect }) => {
    const warehouse: Warehouse = {
      stock: async ({ sku }) => ({ units: sku.length }),
      order: ({ sku, units, key }) =>
        effect({ kind: 'order', intent: sku, key, payload: { sku, units } }, () => {
          state.ordered[sku] = (state.ordered[sku] ?? 0) + units
        }),
    }
    return { tools: warehouse }
  },
  model: script([
    skus.map((sku) => call('stock', { sku })),
    ...skus.map((sku) => call('order', { sku, units: 100 - sku.length })),
    say('All three are ordered.'),
  ]),
  agent: ({ task, tools: warehouse, endpoints, signal }) =>
    new Clerk(endpoints.anthropic.baseURL, warehouse, signal).restock(task, skus),
  goal: ({ state }) => skus.every((sku) => state.ordered[sku] === 100 - sku.length),
  intents: skus.map((id) => ({ kind: 'order', id })),
  invariants: [
    breakerTrips({ turns: turnsMax }),
    idempotencyKeysDisciplined({ kinds: ['order'] }),
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
  budget: { reliability: 0.95, spend: { turns: 8, tokens: 40_000, usd: 0.5, seconds: 400 } },
})
