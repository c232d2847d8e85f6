/**
 * Style: a circuit breaker and retries of cockatiel around a tool that comes and goes. What makes it correct: retries
 * stand outside the breaker, which so sees every failure, and the deadline inside it; what the service refuses does not
 * count against the service; while the breaker is open yesterday's rate serves, marked as such; and the report is filed
 * once, under its own number.
 */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, type Observe, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerConforms,
  breakerProfiles,
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
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleWhen,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'

interface Tools {
  rate(query: { readonly currency: string }): Promise<number>
  yesterdaysRate(query: { readonly currency: string }): Promise<number>
  file(report: {
    readonly number: string
    readonly currencies: readonly string[]
    readonly key: string
  }): Promise<unknown>
}

const turnsMax = 20
const opens = { consecutive: 4, halfOpenAfter: 10_000 }
const toolMsMax = 12_000

const mayPass = (error: Error & { readonly status?: number }) =>
  error.status === undefined || error.status >= 500 || [408, 409, 429].includes(error.status)
/** What the SDK has not tried again itself: bodies that broke off. Aborted by a signal, it may have waited as it was told to. */
const brokeOff = (error: Error) => !(error instanceof Anthropic.APIError)

interface Watched {
  readonly observe: Observe
  readonly signal: AbortSignal
}

async function accountant(
  task: string,
  number: string,
  services: Tools,
  { observe, signal: stop }: Watched,
): Promise<string> {
  const client = new Anthropic({ timeout: 20_000 })
  const backoff = new ExponentialBackoff({ initialDelay: 500, generator: halfJitterGenerator })
  const asking = wrap(
    retry(handleWhen(brokeOff), { maxAttempts: 2, backoff }),
    timeout(90_000, TimeoutStrategy.Cooperative),
  )
  const retries = retry(
    handleWhen((error) => mayPass(error) && !(error instanceof BrokenCircuitError)),
    { maxAttempts: 2, backoff },
  )
  const breaker = circuitBreaker(handleWhen(mayPass), { ...opens, breaker: new ConsecutiveBreaker(opens.consecutive) })
  observe.cockatiel(breaker, 'tool:rate')
  const inTime = timeout(toolMsMax, TimeoutStrategy.Aggressive)
  const [rates, filing] = [wrap(retries, breaker, inTime), wrap(retries, inTime)]
  let filed = false
  /** A pause between two tries may end in a world that wants neither any more. */
  const unlessStopped = <T>(work: () => Promise<T>): Promise<T> => {
    stop.throwIfAborted()
    return work()
  }
  const run = async (name: string, input: unknown): Promise<unknown> => {
    const { currency, currencies } = input as { readonly currency?: unknown; readonly currencies?: unknown }
    if (name === 'file') {
      if (!isListOfTexts(currencies)) throw wrong('a list of currencies is needed')
      await filing.execute(() => unlessStopped(() => services.file({ number, currencies, key: number })), stop)
      filed = true
      return 'filed'
    }
    if (name !== 'rate' || typeof currency !== 'string') throw wrong('expected a tool that there is, and a currency')
    try {
      return { rate: await rates.execute(() => unlessStopped(() => services.rate({ currency })), stop) }
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error
      return { rate: await services.yesterdaysRate({ currency }), stale: true }
    }
  }
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  for (let turn = 1; turn <= turnsMax; turn++) {
    const { content } = await asking.execute(
      ({ signal }) =>
        client.messages.create({ model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }, { signal }),
      stop,
    )
    messages.push({ role: 'assistant', content })
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const block of content) {
      if (block.type !== 'tool_use') continue
      const result = { type: 'tool_result', tool_use_id: block.id } as const
      try {
        results.push({ ...result, content: JSON.stringify(await run(block.name, block.input)) })
      } catch (error) {
        results.push({ ...result, is_error: true, content: JSON.stringify(explain(error as Error)) })
      }
    }
    if (results.length === 0) break
    messages.push({ role: 'user', content: results })
  }
  if (!filed) throw new Error(`report ${number} was not filed`)
  return `Report ${number} was filed.`
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** What the model got wrong: asking for the same again is of no use. */
function wrong(message: string): Error {
  return Object.assign(new Error(message), { status: 400 })
}

function explain(error: Error) {
  const recoverable = mayPass(error)
  const suggestion = recoverable ? 'Go on with the rest, and come back to this.' : 'Do not repeat this call.'
  return { error_type: error.name, message: error.message, recoverable, suggestion }
}

const currency = { type: 'string' }
const tools: Anthropic.Tool[] = [
  {
    name: 'rate',
    description: 'The rate of a currency in euros.',
    input_schema: { type: 'object', properties: { currency }, required: ['currency'] },
  },
  {
    name: 'file',
    description: 'Files the report over these currencies.',
    input_schema: { type: 'object', properties: { currencies: { type: 'array', items: currency } } },
  },
]
const rate = { ...breakerProfiles.cockatiel(opens), site: 'tool:rate', timeoutMs: toolMsMax }
const currencies = ['AUD', 'CHF', 'CZK', 'DKK', 'NOK', 'PLN', 'SEK', 'USD']

export default defineScenario({
  name: 'breaker-cockatiel',
  task: `File expense report 7 over ${currencies.join(', ')}, with the rate of each.`,
  state: () => ({ reports: [] as string[] }),
  world: ({ state, effect }) => {
    const services: Tools = {
      rate: async ({ currency }) => currency.charCodeAt(0) / 64,
      yesterdaysRate: async ({ currency }) => currency.charCodeAt(0) / 65,
      file: ({ number, currencies, key }) =>
        effect({ kind: 'report', intent: number, key, payload: { number, currencies } }, () => {
          state.reports.push(number)
        }),
    }
    return { tools: services }
  },
  model: script([
    ...currencies.map((currency) => call('rate', { currency })),
    call('file', { currencies }),
    say('Filed.'),
  ]),
  agent: ({ task, tools: services, ...watched }) => accountant(task, '7', services, watched),
  goal: ({ state }) => state.reports.join() === '7',
  intents: [{ kind: 'report', id: '7' }],
  latency: { modelMs: 5_000 },
  invariants: [
    breakerTrips({ turns: turnsMax, dependencies: [rate] }),
    breakerRecovers({ dependencies: [{ ...rate, fallback: ['tool:yesterdaysRate'] }] }),
    breakerConforms({ dependencies: [rate] }),
    idempotencyKeysDisciplined({ kinds: ['report'] }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 9 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 20, tokens: 100_000, usd: 0.5, seconds: 400 } },
})
