/**
 * A provider as somebody else would write it, from the public API alone: the made-up vendor Parley, whose wire is unlike
 * the others'. A turn is one flat list, tool inputs are text, streams are lines of JSON, errors are numbers.
 */
import { call, defineScenario, runTrial, say, script, UserError } from 'agent-chaos'
import {
  type Arrived,
  type Conversation,
  type Json,
  type Message,
  type ModelCall,
  type ModelFailureCode,
  type Provider,
  type ProviderSession,
  prefixedCallIds,
  providerLaws,
  type Refusal,
  type Reply,
  type Subject,
  simulatedKeyMark,
  type Usage,
  type WireAnswer,
} from 'agent-chaos/provider-kit'
import { describe, expect, it } from 'vitest'

// The provider.

type Item =
  | { readonly say: string; readonly by: 'person' | 'parley' }
  | { readonly do: string; readonly ref: string; readonly with: string }
  | { readonly did: string; readonly gave: string; readonly bad?: boolean }

const errors: Readonly<Record<ModelFailureCode, number>> = {
  timeout: 598,
  'bad-request': 422,
  unauthorized: 403,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 420,
  'server-error': 500,
  unavailable: 503,
  overloaded: 520,
  'slow-down': 421,
  'too-long': 422,
  'too-large': 413,
  'spend-limit': 402,
  'no-credit': 402,
  reset: 502,
  refused: 502,
  unresolved: 502,
}

const stops = {
  'end-turn': 'over',
  'tool-use': 'doing',
  'max-tokens': 'cut-short',
  'context-full': 'too-much',
  refusal: 'declined',
} as const

const parley: Provider = {
  name: 'parley',
  apis: { talk: { routes: [{ method: 'POST', path: '/talk/*', at: 'own' }], stops, open: (memory) => talk(memory) } },
  origins: ['https://api.parley.example'],
  environment: {
    key: `pk_${simulatedKeyMark}`,
    keyIn: ['PARLEY_KEY'],
    baseURLIn: ['PARLEY_URL'],
    unset: ['PARLEY_PROXY'],
  },
  prices: { asOf: '2026-01-01', models: { 'parley-': { input: 2, output: 8 } } },
  callIds: prefixedCallIds('ref-'),
  statusOf: (code) => errors[code],
}

function talk(memory: Json = 0): ProviderSession {
  let answers = Number(memory)
  const json = { 'content-type': 'application/json' }
  return {
    read: ({ url, body }) => {
      const model = url.split('/').at(-1) ?? ''
      try {
        return read(model, JSON.parse(body))
      } catch {
        return refusal(model, 'This is not what Parley talks about.')
      }
    },
    write: ({ stream }, { blocks, stop }, usage) => {
      const items: Item[] = blocks.map((block) =>
        block.kind === 'text'
          ? { say: block.text, by: 'parley' }
          : {
              do: block.name,
              ref: block.id,
              with: block.kind === 'tool-call' ? JSON.stringify(block.input) : block.text,
            },
      )
      const end = { turn: ++answers, stop: stops[stop], spent: [usage.inputTokens, usage.outputTokens] }
      const whole: WireAnswer = { status: 200, headers: json, chunks: [JSON.stringify({ items, ...end })] }
      return stream ? { ...whole, chunks: [{ open: answers }, ...items.flatMap(parts), end].map(line) } : whole
    },
    fail: (code, { retryAfter, retryAfterMs, message = code } = {}) => ({
      status: errors[code],
      headers: {
        ...json,
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
        ...(retryAfterMs !== undefined && { 'retry-after-ms': retryAfterMs }),
      },
      chunks: [JSON.stringify({ wrong: errors[code], why: message })],
    }),
    failInStream: (code) => line({ wrong: errors[code] }),
    ping: () => '\n',
    arrived: ({ stream }, bytes) => arrivedOf(stream, bytes),
    snapshot: () => answers,
  }
}

/** A line, or a body, that is not all there says nothing to this client. */
function arrivedOf(stream: boolean, bytes: string): Arrived {
  const items = stream
    ? bytes.split('\n').map(parse)
    : [parse(bytes)].flatMap((all) => ('items' in all ? all.items : []))
  return {
    text: items.map((item) => ('say' in item ? item.say : '')).join(''),
    toolCalls: items.flatMap((item) =>
      'do' in item ? [{ id: item.ref, name: item.do, input: JSON.parse(item.with) as Json }] : [],
    ),
  }
}

/** A text comes word by word. */
function parts(item: Item): Item[] {
  return 'say' in item ? item.say.split(/(?<= )/).map((say) => ({ ...item, say })) : [item]
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}

function read(model: string, body: Partial<Record<string, unknown>>): ModelCall | Refusal {
  const { items, tools = [], brief = '', live = false } = body
  if (!Array.isArray(items)) return refusal(model, 'items must be a list')
  const messages: { role: Message['role']; blocks: Message['blocks'][number][] }[] = []
  for (const item of items as Item[]) {
    const role = 'do' in item || ('say' in item && item.by === 'parley') ? 'assistant' : 'user'
    const last = messages.at(-1)
    if (last?.role === role) last.blocks.push(blockOf(item))
    else messages.push({ role, blocks: [blockOf(item)] })
  }
  const conversation = { model, system: brief as string, messages, tools: tools as string[] }
  return {
    kind: 'call',
    api: 'talk',
    conversation,
    stream: live === true,
    tools: tools as string[],
    settings: {},
    inputTokens: JSON.stringify(body).length,
  }
}

function blockOf(item: Item): Message['blocks'][number] {
  if ('say' in item) return { kind: 'text', text: item.say }
  if ('do' in item) return { kind: 'tool-call', id: item.ref, name: item.do, input: JSON.parse(item.with) as Json }
  return { kind: 'tool-result', id: item.did, failed: item.bad === true, text: item.gave }
}

function refusal(model: string, message: string): Refusal {
  const answer = { status: 422, headers: {}, chunks: [JSON.stringify({ wrong: 422, why: message })] }
  return { kind: 'refusal', api: 'talk', answer, model, status: 422, message, reason: 'malformed' }
}

// Its client.

class ParleyError extends Error {
  readonly wrong: number
  constructor(wrong: number) {
    super(`Parley: ${wrong}`)
    this.wrong = wrong
  }
}

interface Turn {
  readonly items: readonly Item[]
  readonly stop: string
  readonly spent: readonly [number, number]
}

/** A line that is not all there is no line. */
function parse(text: string): Item | Turn | { readonly wrong: number } {
  try {
    return JSON.parse(text) as Item | Turn
  } catch {
    return { wrong: 0 }
  }
}

async function ask(
  { fetch, baseURL, model }: { fetch: typeof globalThis.fetch; baseURL: string; model: string },
  body: { items: readonly Item[]; tools: readonly string[]; brief?: string; live?: boolean },
): Promise<Turn> {
  const response = await fetch(`${baseURL}/talk/${model}`, { method: 'POST', body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new ParleyError(response.status)
  if (!body.live) return JSON.parse(text) as Turn
  const lines = text.split('\n').filter(Boolean).map(parse)
  const wrong = lines.find((one) => 'wrong' in one)
  if (wrong) throw new ParleyError(wrong.wrong)
  const end = lines.at(-1)
  if (!end || !('stop' in end)) throw new ParleyError(0)
  return { ...end, items: lines.filter((one): one is Item => 'say' in one || 'do' in one || 'did' in one) }
}

const itemsOf = ({ messages }: Conversation): Item[] =>
  messages.flatMap(({ role, blocks }) =>
    blocks.map((block): Item => {
      if (block.kind === 'text') return { say: block.text, by: role === 'user' ? 'person' : 'parley' }
      if (block.kind === 'tool-call') return { do: block.name, ref: block.id, with: JSON.stringify(block.input) }
      if (block.kind === 'tool-result') return { did: block.id, gave: block.text, bad: block.failed }
      throw new Error('no sample holds anything else')
    }),
  )

const isWrong = (wrong: number) => (error: unknown) => error instanceof ParleyError && error.wrong === wrong

const subject: Subject = {
  provider: parley,
  api: 'talk',
  model: 'parley-large',
  marksFailures: true,
  ask: async ({ fetch, baseURL, conversation, stream }) => {
    const { model, system, tools } = conversation
    const turn = await ask(
      { fetch, baseURL, model },
      { items: itemsOf(conversation), tools, brief: system, live: stream },
    )
    const usage: Usage = { inputTokens: turn.spent[0], outputTokens: turn.spent[1] }
    return { blocks: turn.items.map(blockOf) as unknown as Reply['blocks'], stop: turn.stop, usage }
  },
  failures: Object.fromEntries(
    Object.entries(errors).map(([code, status]) => [code, { status, isSeen: isWrong(status) }]),
  ) as unknown as Subject['failures'],
  isStreamError: isWrong(500),
}

describe('a provider written outside the package', () => {
  it.each(providerLaws(subject))('$name', ({ check }) => check())
})

// An agent that talks to it.

interface Order {
  readonly orderId: string
  readonly cents: number
}

function refunding(
  options: { endpoints?: Record<string, { baseURL: string }>; usd?: number; provider?: Provider } = {},
) {
  const { endpoints = {}, usd = 1, provider = parley } = options
  const seen: unknown[] = []
  const scenario = defineScenario({
    name: 'refunds-by-parley',
    task: 'Refund order 42.',
    providers: [provider],
    endpoints,
    state: (): Record<string, number> => ({}),
    world: ({ state, effect }) => ({
      tools: {
        refund: ({ orderId, cents }: Order) =>
          effect({ kind: 'refund', intent: orderId, key: `refund-${orderId}` }, () => {
            state[orderId] = (state[orderId] ?? 0) + cents
          }),
      },
    }),
    model: script([call('refund', { orderId: '42', cents: 4200 }), say('Refunded.')]),
    agent: async ({ task, tools, endpoints, fetch }) => {
      const { baseURL, apiKey } = endpoints.parley ?? { baseURL: '', apiKey: '' }
      seen.push(baseURL, apiKey === process.env.PARLEY_KEY, process.env.PARLEY_URL)
      const items: Item[] = [{ say: task, by: 'person' }]
      for (let failures = 0; ; ) {
        const body = { items, tools: ['refund'], live: true }
        const turn = await ask({ fetch, baseURL, model: 'parley-large' }, body).catch((error: unknown) => {
          seen.push((error as Error).message)
          if (!(error instanceof ParleyError) || ++failures > 3) throw error
        })
        if (!turn) continue
        items.push(...turn.items)
        const asked = turn.items.filter((item) => 'do' in item)
        if (asked.length === 0) return 'done'
        for (const { ref, with: input } of asked) {
          const reported = await tools.refund(JSON.parse(input) as Order).then(
            () => ({ gave: 'ok' }),
            (error: unknown) => ({ gave: String(error), bad: true }),
          )
          items.push({ did: ref, ...reported })
        }
      }
    },
    goal: ({ state }) => state['42'] === 4200,
    budget: { spend: { usd, turns: 20 } },
  })
  return { scenario, seen }
}

describe('a scenario whose agent talks to it', () => {
  it('works, with its key and its address, and is priced by its own list', async () => {
    const { scenario, seen } = refunding()
    const { trace, judgements } = await runTrial(scenario)
    expect(trace).toMatchObject({ goal: true, claim: 'success', end: { kind: 'returned' } })
    expect(judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
    expect(seen).toEqual(['https://api.parley.example', true, undefined])
    const { inputTokens, outputTokens } = trace.spend
    expect(trace.spend.usd).toBeCloseTo((inputTokens * 2 + outputTokens * 8) / 1e6, 6)
    expect(process.env.PARLEY_KEY).toBeUndefined()
  })

  it.each([
    ['model:parley-large#1 = model/overloaded', 'Parley: 520'],
    ['model:*#1 = model/rate-limited', 'Parley: 420'],
    ['model:*#2 = model/stream-error(error: "server-error")', 'Parley: 500'],
    ['model:*#2 = model/stream-cut(how: "clean-end")', 'Parley: 0'],
    ['model:*#1 = model/unavailable; tool:refund#1 = tool/reply-lost', 'Parley: 503'],
  ])('meets %s as its own client tells it, and recovers', async (plan, reported) => {
    const { scenario, seen } = refunding()
    const { trace } = await runTrial(scenario, { plan })
    expect(trace.injections.map(({ status }) => status)).not.toContain('planned')
    expect(seen).toContain(reported)
    expect(trace).toMatchObject({ goal: true, claim: 'success' })
  })

  it('finds its place again when the model is asked for the same call once more', async () => {
    const { trace } = await runTrial(refunding().scenario, { plan: 'tool:refund#1 = tool/unavailable' })
    expect(trace).toMatchObject({ goal: true, spend: { toolCalls: 2 } })
    const ids = JSON.stringify(trace).match(/ref-[A-Za-z0-9]{22}/g)
    expect(new Set(ids).size).toBe(2)
  })

  it('reaches a compatible server where the scenario says that it is', async () => {
    const endpoints = { parley: { baseURL: 'https://gateway.example/v1' } }
    const { scenario, seen } = refunding({ endpoints })
    const { trace } = await runTrial(scenario)
    expect(trace.goal).toBe(true)
    expect(seen).toEqual(['https://gateway.example/v1', true, 'https://gateway.example/v1'])
  })

  it('has no known spend in dollars where its provider has no price', async () => {
    const { scenario } = refunding({ provider: { ...parley, prices: { asOf: '2026-01-01', models: {} } } })
    expect((await runTrial(scenario)).trace.spend.usd).toBeNull()
  })

  it.each<[string, object, RegExp]>([
    [
      'an endpoint of no provider',
      { endpoints: { parly: { baseURL: 'https://g.example' } } },
      /no provider is called "parly".*Did you mean "parley"\?/,
    ],
    [
      'an address that is none',
      { endpoints: { parley: { baseURL: 'g.example' } } },
      /endpoints\.parley\.baseURL: expected an address/,
    ],
    [
      'an option that endpoints do not have',
      { endpoints: { parley: { baseUrl: 'x' } } },
      /endpoints\.parley has no option "baseUrl"\. Did you mean "baseURL"\?/,
    ],
    ['what is no provider', { providers: ['parley'] }, /providers\[0\]: expected a provider/],
    ['a provider twice', { providers: [parley, parley] }, /"parley" is listed twice/],
    [
      'a name with blanks',
      { providers: [{ ...parley, name: 'Parley 2' }] },
      /providers\[0\]\.name: expected a name in kebab-case/,
    ],
  ])('refuses %s', (_what, wrong, message) => {
    const options = { name: 'x', task: 't', model: script([say('x')]), agent: () => 'x', goal: () => true }
    const define = () => defineScenario({ ...options, providers: [parley], ...wrong } as never)
    expect(define).toThrow(UserError)
    expect(define).toThrow(message)
  })
})
