/**
 * Style: a circuit breaker of opossum around a service over HTTP. What makes it correct: a request that takes too long is
 * called off, before the breaker stops waiting for it; one that is wrong counts for nothing against the service; retries
 * stand outside the breaker and wait as long as the service asks; where no answer is to be had a parcel goes out
 * unchecked, and the result says so; and the breaker is shut down with the agent.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, type Observe, script } from 'agent-chaos'
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
import CircuitBreaker from 'opossum'

interface Depot {
  ship(parcel: { readonly parcelId: string; readonly key: string }): Promise<unknown>
}
interface Failed extends Error {
  readonly status?: number
  readonly code?: string
  readonly advisedMs?: number
}

const turnsMax = 20
/** Whoever is to stay away for longer gives up, and does not come back early. No timer waits for months. */
const patienceMs = 60_000
const timerMaxMs = 2 ** 31 - 1
const opens = { timeout: 6_000, errorThresholdPercentage: 50, volumeThreshold: 4, resetTimeout: 8_000 }

interface Watched {
  readonly observe: Observe
  readonly signal: AbortSignal
}

async function lookUp(address: string): Promise<unknown> {
  const url = `https://geo.example.com/addresses?q=${encodeURIComponent(address)}`
  const response = await fetch(url, { signal: AbortSignal.timeout(opens.timeout - 500) })
  if (response.ok) return response.json()
  const advisedMs = msUntil(response.headers.get('retry-after'))
  throw Object.assign(new Error(`geo answered ${response.status}`), { status: response.status, advisedMs })
}

async function dispatch(
  task: string,
  depot: Depot,
  parcels: readonly string[],
  { observe, signal: stop }: Watched,
): Promise<string> {
  const client = new Anthropic({ timeout: 20_000, maxRetries: 4 })
  const geo = new CircuitBreaker(lookUp, { ...opens, errorFilter: isWrong })
  observe.opossum(geo, breaker.site)
  const shipped = new Set<string>()
  const run = async ({ name, input }: Anthropic.ToolUseBlock): Promise<unknown> => {
    const { address, parcelId } = input as { readonly address?: unknown; readonly parcelId?: unknown }
    if (name === 'check' && typeof address === 'string')
      return withRetries(stop, () => geo.fire(address)).catch(unlessWrong({ checked: false, fallback: true }))
    if (name !== 'ship' || typeof parcelId !== 'string' || !parcels.includes(parcelId))
      throw Object.assign(new Error('there is no such tool, or no such parcel'), { status: 404 })
    await withRetries(stop, () => inTime(10_000, depot.ship({ parcelId, key: `ship-${parcelId}` })))
    shipped.add(parcelId)
    return { shipped: parcelId }
  }
  try {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (let turn = 1; turn <= turnsMax && shipped.size < parcels.length; turn++) {
      const { content } = await ask(client, messages, stop)
      messages.push({ role: 'assistant', content })
      const results: Anthropic.ToolResultBlockParam[] = []
      for (const block of content) {
        if (block.type !== 'tool_use') continue
        const result = { type: 'tool_result', tool_use_id: block.id } as const
        const outcome = await run(block).then(
          (answer) => ({ ...result, content: JSON.stringify(answer) }),
          (error: Failed) => ({ ...result, content: JSON.stringify(explain(error)), is_error: true }),
        )
        results.push(outcome)
      }
      if (results.length === 0) break
      messages.push({ role: 'user', content: results })
    }
  } finally {
    geo.shutdown()
  }
  const left = parcels.filter((parcelId) => !shipped.has(parcelId))
  if (left.length > 0) throw new Error(`not shipped: ${left.join(', ')}`)
  return 'All parcels are on their way.'
}

/** Seconds or a date, as HTTP has it; NaN for neither. */
function msUntil(advice: string | null | undefined): number {
  const seconds = Number(advice ?? Number.NaN)
  return Number.isNaN(seconds) ? Date.parse(advice ?? '') - Date.now() : seconds * 1_000
}

async function withRetries<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    stop.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      const { code, advisedMs = 0 } = error as Failed
      if (isWrong(error as Failed) || code === 'EOPENBREAKER' || attempt === 3) throw error
      if (advisedMs > patienceMs && advisedMs <= timerMaxMs) throw error
      const own = (1 + Math.random()) * 500 * 2 ** attempt
      await sleep(advisedMs > 0 && advisedMs <= patienceMs ? advisedMs : own, undefined, { signal: stop })
    }
  }
}

/** What breaks off, or comes to no end, the SDK has not tried again. */
async function ask(
  client: Anthropic,
  messages: Anthropic.MessageParam[],
  stop: AbortSignal,
): Promise<Anthropic.Message> {
  const body = { model: 'claude-opus-5-5', max_tokens: 1_024, messages, tools }
  const once = () => client.messages.create(body, { signal: AbortSignal.any([stop, AbortSignal.timeout(180_000)]) })
  return once().catch(async (error) => {
    if (error instanceof Anthropic.APIError || stop.aborted) throw error
    await sleep(2_000, undefined, { signal: stop })
    return once()
  })
}

function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, ms, new Error(`no answer in ${ms} ms`))
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function isWrong({ status = 0 }: Failed): boolean {
  return status >= 400 && status < 500 && ![408, 409, 429].includes(status)
}

function unlessWrong<T>(instead: T) {
  return (error: Failed) => (isWrong(error) ? Promise.reject(error) : instead)
}

function explain(error: Failed) {
  const recoverable = !isWrong(error)
  const suggestion = recoverable ? 'Ask again, or go on with the next parcel.' : 'Leave this parcel out.'
  return { error_type: error.code ?? `HTTP_${error.status}`, message: error.message, recoverable, suggestion }
}

const tool = (name: string, description: string, field: string): Anthropic.Tool => ({
  name,
  description,
  input_schema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
})
const tools = [
  tool('check', 'Checks an address.', 'address'),
  tool('ship', 'Hands a parcel to the carrier.', 'parcelId'),
]
const parcels = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']
const breaker = { ...breakerProfiles.opossum(opens), site: 'http:"GET geo.example.com/*"' }

export default defineScenario({
  name: 'breaker-opossum',
  task: `Check the addresses of ${parcels.join(', ')} and ship them.`,
  state: () => ({ shipped: [] as string[] }),
  world: ({ state, effect, http }) => {
    http.service('https://geo.example.com', ({ url }) => ({
      json: { checked: true, address: url.searchParams.get('q') },
    }))
    const depot: Depot = {
      ship: ({ parcelId, key }) =>
        effect({ kind: 'shipment', intent: parcelId, key, payload: { parcelId } }, () => {
          state.shipped.push(parcelId)
        }),
    }
    return { tools: depot }
  },
  model: script(
    parcels.flatMap((parcelId) => [call('check', { address: `${parcelId} Harbour Road` }), call('ship', { parcelId })]),
  ),
  agent: ({ task, tools: depot, ...watched }) => dispatch(task, depot, parcels, watched),
  goal: ({ state }) => state.shipped.toSorted().join() === parcels.join(),
  intents: parcels.map((id) => ({ kind: 'shipment', id })),
  latency: { modelMs: 3_000 },
  invariants: [
    breakerTrips({ turns: turnsMax, dependencies: [breaker] }),
    breakerRecovers({ dependencies: [breaker] }),
    breakerConforms({ dependencies: [breaker] }),
    idempotencyKeysDisciplined({ kinds: ['shipment'] }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 10 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 20, tokens: 100_000, usd: 0.6, seconds: 400 } },
})
