/** Traces built by hand, event by event, so that an oracle can be asked about exactly what a test has in mind. */
import { canaryToken, type FaultClass } from 'agent-chaos/faults'
import type { Action } from '../../../faults/action.js'
import type { Json } from '../../../faults/json.js'
import type { Site } from '../../../faults/site.js'
import type { BreakerNews } from '../../../harness/contracts/breaker.js'
import { spendOf } from '../../../harness/contracts/budget.js'
import type { Message, StopReason } from '../../../harness/contracts/conversation.js'
import type { Arrived, Failure } from '../../../harness/contracts/failure.js'
import type { Price } from '../../../harness/contracts/prices.js'
import type { Request, ToolResult } from '../../../harness/contracts/request.js'
import {
  type Claim,
  type End,
  type ErrorFacts,
  type EventOf,
  type ExpectedIntent,
  type InjectionRecord,
  type ReplyFacts,
  type Trace,
  type TraceEvent,
  toolCallsOf,
} from '../../../harness/contracts/trace.js'

interface CallOptions {
  /** What is asked, JSON or not; equal requests after a failure are further attempts, as in a trial. */
  readonly input?: string
  readonly parent?: number
  /** Of a model call: the tool results that it hands in. */
  readonly results?: readonly Omit<ToolResult, 'kind'>[]
  /** Of a model call: the whole conversation, in place of a message that says `input`. */
  readonly messages?: readonly Message[]
  /** Of a model call: the names of the tools on offer, where the request says. */
  readonly tools?: readonly string[]
}

interface ReplyOptions {
  /** As `name {json}`. */
  readonly toolCalls?: readonly string[]
  /** Input and output tokens; one each by default. */
  readonly tokens?: readonly [number, number]
  /** None by default. */
  readonly price?: Price
}

interface EffectOptions {
  readonly intent?: string
  readonly kind?: string
  readonly status?: EventOf<'effect'>['status']
  readonly steps?: readonly number[]
  readonly total?: number
  readonly key?: string | null
  readonly payload?: Json
}

interface SpanOptions {
  readonly parent?: number | null
  readonly trace?: number
  readonly status?: EventOf<'span'>['status']
  readonly attributes?: EventOf<'span'>['attributes']
}

interface Ending {
  readonly end?: End
  readonly goal?: boolean | null
  readonly intents?: readonly ExpectedIntent[] | null
}

/** Calls return the number of their crossing; all else can be chained. Time stands still unless `at` moves it. */
export class TraceBuilder {
  readonly #events: TraceEvent[] = []
  readonly #injections: InjectionRecord[] = []
  readonly #slots = new Map<string, { occurrence: number; attempt: number }>()
  readonly #occurrences = new Map<string, number>()
  readonly #failed = new Set<string>()
  readonly #inputs: { readonly site: string; readonly key: string }[] = []
  readonly #pending = new Set<string>()
  #now = 0
  #spans = 0
  #claim: Claim | null = null

  /** Moves virtual time to `ms`. */
  at(ms: number): this {
    this.#now = ms
    return this
  }

  /** Begins a crossing of a site such as `tool:refund`. */
  call(site: string, options: CallOptions = {}): number {
    const { input = '{}', parent } = options
    const key = `${site} ${input}`
    const known = this.#slots.get(key)
    const isAttempt = known !== undefined && this.#failed.delete(key)
    const occurrences = this.#occurrences.get(site) ?? 0
    const slot = isAttempt ? { ...known, attempt: known.attempt + 1 } : { occurrence: occurrences + 1, attempt: 1 }
    if (!isAttempt) this.#occurrences.set(site, slot.occurrence)
    this.#slots.set(key, slot)
    const [boundary, target = ''] = site.split(':') as [EventOf<'call'>['site']['boundary'], string]
    this.#add({
      kind: 'call',
      site: { boundary, target },
      ...slot,
      crossing: this.#inputs.length,
      parent: parent ?? null,
      request: requestAsked({ boundary, target }, input, options),
      identity: input,
      traits: [],
    })
    this.#pending.add(key)
    return this.#inputs.push({ site, key }) - 1
  }

  /** A planned fault of the class takes effect on the crossing. */
  fault(
    crossing: number,
    class_: FaultClass,
    plan: Partial<InjectionRecord> = {},
    actions: readonly Action['kind'][] = ['reject'],
  ): this {
    const injection = this.#injections.length
    this.plan({ status: 'landed', ...plan })
    return this.#add({
      kind: 'fault',
      crossing,
      injection,
      fault: `made/${class_}`,
      class: class_,
      actions,
    })
  }

  /** An instruction that asks for `token` stands in the crossing's answer. */
  poison(crossing: number, token = canaryToken): this {
    const injection = this.#injections.length
    this.plan({ status: 'landed' })
    const fault = { fault: 'made/poison', class: 'deceptive', actions: ['poison'], token } as const
    return this.#add({ kind: 'fault', crossing, injection, ...fault })
  }

  /** The model is made to ask for another thing than the task has it. */
  mistake(crossing: number): this {
    const injection = this.#injections.length
    this.plan({ status: 'landed' })
    const fault = { fault: 'made/mistake', class: 'behavioural', actions: ['answer'], mistaken: true } as const
    return this.#add({ kind: 'fault', crossing, injection, ...fault })
  }

  /** An injection of the plan; closed and over unless the test says otherwise. */
  plan(plan: Partial<InjectionRecord> = {}): this {
    this.#injections.push({ text: 'made', faults: 1, closed: true, status: 'planned', endsAt: null, ...plan })
    return this
  }

  ok(crossing: number, output: unknown = 'done'): this {
    this.#attributesOfEnd(crossing)
    return this.#add({ kind: 'return', crossing, outcome: { kind: 'ok', output: output as Json } })
  }

  /** The model answers. */
  reply(crossing: number, text = '', options: ReplyOptions = {}): this {
    this.#attributesOfEnd(crossing)
    return this.#add({
      kind: 'return',
      crossing,
      outcome: { kind: 'ok' },
      reply: replyFacts(text, options),
    })
  }

  /** The model answers with a call of which only so much of its input came: it was cut off, or is no JSON (`tool-use`). */
  replyBroken(crossing: number, { came, stop, ...options }: ReplyOptions & { came: string; stop: StopReason }): this {
    const facts = replyFacts('', options)
    const blocks = facts.blocks.map((block, index): ReplyFacts['blocks'][number] => {
      if (block.kind !== 'tool-call' || index < facts.blocks.length - 1) return block
      return { kind: 'broken-call', id: block.id, name: block.name, text: came, meant: block.input }
    })
    this.#attributesOfEnd(crossing)
    return this.#add({ kind: 'return', crossing, outcome: { kind: 'ok' }, reply: { ...facts, blocks, stop } })
  }

  /** The model answers, and its answer breaks off: in the input of the last call, of which `came` is what came, where that is given. */
  breakOff(
    crossing: number,
    text = '',
    options: ReplyOptions & { readonly action?: 'cut' | 'stream-error'; readonly came?: string } = {},
  ): this {
    this.fault(crossing, 'transient', {}, [options.action ?? 'cut'])
    this.#failed.add(this.#attributesOfEnd(crossing))
    const error = { name: 'CutAnswer', message: 'the answer was cut: clean-end' }
    const how = options.action === 'stream-error' ? 'error' : 'clean-end'
    const reply = replyFacts(text, options)
    const failure = { kind: 'cut', how, at: 1, of: 2, arrived: arrivedFacts(text, reply, options.came) } as const
    return this.#add({
      kind: 'return',
      crossing,
      outcome: { kind: 'failed', failure, error, class: 'transient' },
      reply,
    })
  }

  /** By default of the kind that goes with the error's name. */
  fail(
    crossing: number,
    class_: FaultClass | 'unknown' = 'unknown',
    error: Partial<ErrorFacts> = {},
    failure: Failure = failureNamed(error),
  ): this {
    this.#failed.add(this.#attributesOfEnd(crossing))
    const facts = { name: 'Error', message: class_, ...error }
    return this.#add({ kind: 'return', crossing, outcome: { kind: 'failed', failure, error: facts, class: class_ } })
  }

  /** The agent crashed and is started again; what it waited for did not succeed for it. */
  restart(attempt = 2): this {
    for (const key of this.#pending) this.#failed.add(key)
    this.#pending.clear()
    return this.#add({ kind: 'restart', attempt })
  }

  /** A call struck by a fault of the class, which it fails with. */
  strike(site: string, class_: FaultClass, options: CallOptions = {}, plan: Partial<InjectionRecord> = {}): number {
    const crossing = this.call(site, options)
    this.fault(crossing, class_, plan).fail(crossing, class_)
    return crossing
  }

  /** A model call that is answered. */
  turn(): this {
    return this.reply(this.call('model:m', { input: `turn ${this.#inputs.length}` }))
  }

  /** An entry in the ledger, made inside the crossing. */
  effect(
    crossing: number,
    { intent = '42', kind = 'refund', status = 'applied', steps, total = 1, key, payload }: EffectOptions = {},
  ) {
    const made = status === 'applied' || status === 'partial'
    return this.#add({
      kind: 'effect',
      crossing,
      effect: { kind, id: intent },
      key: key ?? null,
      payload: payload ?? null,
      status,
      steps: steps ?? (made ? [0] : []),
      stepsTotal: total,
    })
  }

  /** The breaker before the site tells of itself; by its event alone, it is observed closed and fresh. */
  breaker(site: string, news: BreakerNews | BreakerNews['event']): this {
    const reported = news === 'observed' ? ({ event: news, state: 'closed', fresh: true } as const) : news
    return this.#add({
      kind: 'breaker',
      breaker: site,
      ...(typeof reported === 'string' ? { event: reported } : reported),
    })
  }

  /**
   * A span of the agent's own, begun at `startMs`, ends now. One named `chat m` or `execute_tool search` says so in its
   * attributes as well; without a number it is the next in order.
   */
  span(
    name: string,
    startMs: number,
    { parent = null, trace = 0, status = 'unset', attributes }: SpanOptions = {},
  ): this {
    return this.spanNumbered(this.#spans, name, startMs, { parent, trace, status, ...(attributes && { attributes }) })
  }

  spanNumbered(
    span: number,
    name: string,
    startMs: number,
    { parent = null, trace = 0, status = 'unset', attributes = {} }: SpanOptions = {},
  ): this {
    this.#spans = Math.max(this.#spans, span + 1)
    const own = { ...namedAttributes(name), ...attributes }
    const role = 'internal' as const
    const at = { startMs, endMs: this.#now }
    return this.#add({ kind: 'span', span, parent, trace, name, scope: 'made', role, ...at, attributes: own, status })
  }

  throwUnhandled(how: 'rejection' | 'exception', name = 'TypeError', message = 'oops'): this {
    return this.#add({ kind: 'unhandled', how, error: { name, message } })
  }

  /** Whoever gave the task calls it off. */
  cancel(): this {
    return this.#add({ kind: 'cancel' })
  }

  leftRunning(what: EventOf<'left-running'>['what'], count: number, longestMs: number): this {
    return this.#add({ kind: 'left-running', what, count, longestMs })
  }

  /** A request left for a host outside this machine, and was refused. */
  stray(url: string): this {
    return this.#add({ kind: 'stray-request', method: 'GET', url })
  }

  claim(claim: Claim, result = '', error?: ErrorFacts): this {
    this.#claim = claim
    return this.#add({ kind: 'claim', claim, result, ...(error && { error }) })
  }

  build({ end, goal = this.#claim === 'success', intents = null }: Ending = {}): Trace {
    const how: End = end ?? { kind: this.#claim === 'failure' ? 'threw' : 'returned' }
    this.#add({ kind: 'end', end: how })
    return {
      scenario: 'built',
      seed: 1,
      plan: '',
      intents,
      injections: this.#injections,
      events: this.#events,
      end: how,
      claim: this.#claim,
      goal,
      spend: spendOf(this.#events),
    }
  }

  /** What tells the crossing's request from others. */
  #attributesOfEnd(crossing: number): string {
    const { key } = this.#inputs[crossing] ?? { key: '' }
    this.#pending.delete(key)
    return key
  }

  #add(event: TraceEvent extends infer E ? (E extends TraceEvent ? Omit<E, 'at'> : never) : never): this {
    this.#events.push({ at: this.#now, ...event } as TraceEvent)
    return this
  }
}

function namedAttributes(name: string): EventOf<'span'>['attributes'] {
  const [operation = '', target = ''] = name.split(' ')
  const subject = { chat: 'gen_ai.request.model', execute_tool: 'gen_ai.tool.name', invoke_agent: 'gen_ai.agent.name' }
  const key = subject[operation as keyof typeof subject]
  return key === undefined ? {} : { 'gen_ai.operation.name': operation, [key]: target }
}

function arrivedFacts(text: string, reply: ReplyFacts, came: string | undefined): Arrived {
  const calls = toolCallsOf(reply)
  const last = calls.at(-1)
  if (came === undefined || !last) return { text, toolCalls: calls }
  return { text, toolCalls: calls.slice(0, -1), partial: { id: last.id, name: last.name, input: came } }
}

function replyFacts(text: string, { toolCalls = [], tokens = [1, 1], price }: ReplyOptions): ReplyFacts {
  const [inputTokens, outputTokens] = tokens
  const usage = { inputTokens, outputTokens }
  const calls = toolCalls.map((call, index) => {
    const [name = '', ...input] = call.split(' ')
    return { kind: 'tool-call', id: `call-${index}`, name, input: asJson(input.join(' ') || '{}') } as const
  })
  const blocks = [...(text === '' ? [] : [{ kind: 'text', text } as const]), ...calls]
  const stop = toolCalls.length > 0 ? 'tool-use' : 'end-turn'
  return { blocks, stop, gaveUp: false, usage, price: price ?? null }
}

/** What is asked of the site, where its input stands for it. */
function requestAsked(
  { boundary, target }: Site,
  input: string,
  { results = [], messages: whole, tools }: CallOptions,
): Request {
  const asked = asJson(input)
  const fields = typeof asked === 'object' && asked !== null ? (asked as Readonly<Record<string, Json>>) : {}
  switch (boundary) {
    case 'tool':
      return { kind: 'call', arguments: Array.isArray(asked) ? (asked as Json[]) : [asked] }
    case 'effect': {
      const { kind = target, intent = '42', key = null, payload, ...rest } = fields
      const effect = { kind: String(kind), id: String(intent) }
      return { kind: 'effect', effect, key: key as string | null, payload: payload ?? rest }
    }
    case 'http': {
      const [method = '', place = ''] = target.split(' ')
      const { path, key, body, changesNothing, method: _method, ...rest } = fields
      const url = path === undefined ? `https://${place}` : new URL(String(path), `https://${place}`).href
      const headers = key === undefined ? {} : { 'idempotency-key': String(key) }
      const more = changesNothing === true ? { changesNothing } : {}
      return { kind: 'http', method, url, headers, body: body ?? rest, ...more }
    }
    case 'file': {
      const [, said = input, text] = /^([^:]*): ([\s\S]*)$/.exec(input) ?? []
      const content = text === undefined ? {} : { content: { bytes: text.length, digest: text, text } }
      return { kind: 'file', asked: said, path: target, ...content }
    }
    case 'model': {
      const blocks = results.map((result) => ({ kind: 'tool-result', ...result }) as const)
      const message = {
        role: 'user',
        blocks: blocks.length > 0 ? blocks : [{ kind: 'text', text: input } as const],
      } as const
      const offer = tools ? { digest: tools.join(), value: tools.map((name) => ({ name })) } : nothing
      const reported = { system: nothing, tools: offer, settings: nothing, wire: input }
      const about = { provider: 'made', api: 'made', model: target, stream: false, since: null, before: 0 }
      return { kind: 'model', ...about, messages: whole ?? [message], ...reported }
    }
  }
}

/** As the boundaries name what has no status. */
function failureNamed({ name, message }: Partial<ErrorFacts>): Failure {
  switch (name) {
    case 'AbortError':
      return { kind: 'given-up' }
    case 'ConnectionError':
      return { kind: 'lost', how: message as Extract<Failure, { kind: 'lost' }>['how'] }
    case 'CutAnswer':
      return { kind: 'cut', how: 'clean-end', at: 1, of: 2 }
    default:
      return { kind: 'error' }
  }
}

const nothing = { digest: '' }

function asJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
