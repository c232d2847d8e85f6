/**
 * The contract of a provider: all that is known of one vendor. It says where its APIs are, and how a request is read as the
 * real one would read it. It says what an answer, an error and a broken stream look like as bytes. It says what tokens cost,
 * and which environment its clients look at. Nothing outside a provider knows any of that, and a provider knows no transport.
 */
import type { ModelFailureCode } from '../../faults/action.js'
import type { Json } from '../../faults/json.js'
import type { Lacks, Trait } from '../../faults/site.js'
import type { Conversation, Reply, StopReason, Usage } from './conversation.js'
import type { Arrived, RefusalReason } from './failure.js'
import type { PriceList } from './prices.js'

/** A request to a model's API, as it came over the wire. */
export interface WireRequest {
  readonly method: string
  readonly url: string
  header(name: string): string | null
  /** All of them, names in lower case. */
  headers(): Readonly<Record<string, string>>
  readonly body: string
}

/** An answer as bytes: one chunk for JSON, one for each event of a stream. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly chunks: readonly string[]
}

/** What a request asks of a model, free of its wire. */
export interface ModelQuery {
  /** Which of the provider's interfaces is asked. */
  readonly api: string
  /** Ids of tool calls are as the agent has them: on this wire, or made up here where the wire has none. */
  readonly conversation: Conversation
  readonly stream: boolean
  /** The tools as they are described. */
  readonly tools: Json
  /** All else that is asked for, as the vendor names it; nothing that names the conversation, or differs when it is sent again. */
  readonly settings: Json
}

/** A request that the real API would accept. */
export interface ModelCall extends ModelQuery {
  readonly kind: 'call'
  /** Tokens of the whole conversation, history kept by the endpoint included. */
  readonly inputTokens: number
  /** Of these, what the endpoint had read before. */
  readonly cachedInputTokens?: number
  /** Those that the model spends on thinking before it answers. */
  readonly reasoningTokens?: number
  /** The most tools that one answer may call, where the request limits them. */
  readonly callsMax?: number
  /** The tools whose input the API hands on, or tells of, though it is no JSON; all where it is not given. */
  readonly looseInputs?: readonly string[]
  /** What the answer cannot carry: some of what the API `lacks`. */
  readonly lacks?: Lacks
}

/** A request that the real API would refuse, with its answer. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly answer: WireAnswer
  readonly api: string
  readonly model: string
  readonly status: number
  readonly message: string
  readonly reason: RefusalReason
  /** Where it can be read all the same. */
  readonly query?: ModelQuery
}

/** What an error answer is to hold. Advice goes into its headers as it stands. */
export interface FailureDetails {
  readonly retryAfter?: string | undefined
  /** The header `retry-after-ms`. */
  readonly retryAfterMs?: string | undefined
  /** What `retryAfter` comes to, a date too: for wires that say it in the body. `undefined` where it can not be followed. */
  readonly waitMs?: number | undefined
  readonly message?: string | undefined
}

/**
 * One trial's end of one API; it may keep state such as message threads. Equal calls in equal order give equal bytes.
 */
export interface ProviderSession {
  read(request: WireRequest): ModelCall | Refusal
  /** Ids of tool calls in the reply are of this wire. */
  write(call: ModelCall, reply: Reply, usage: Usage): WireAnswer
  /** An error answer. */
  fail(code: ModelFailureCode, details?: FailureDetails): WireAnswer
  /** An error event inside a stream that began with a 200; `sent` is what of it came before. */
  failInStream(code: ModelFailureCode, sent?: string): string
  /** A keep-alive inside a stream. */
  ping(): string
  /** What a client can know of an answer to the call of which no more than these bytes came: the beginning, to any length. */
  arrived(call: ModelCall, bytes: string): Arrived
  /**
   * What the vendor answered when it was really asked; for an API that keeps conversations, which later requests go on from.
   * Gives the id under which it is kept.
   */
  learn?(request: WireRequest, answer: string): string | undefined
  /** Answers a utility that shares what is kept here. `ids` are those that new conversations are to have, where any are wished for. */
  serve?(request: WireRequest, ids: readonly string[]): WireAnswer
  /** What the session remembers, as plain data for `open`. */
  snapshot(): Json
}

/** Where an API is reached. */
export interface Route {
  readonly method: string
  /** How the path of the address ends; `*` stands for anything but a slash: `/v1/models/*:generate`. */
  readonly path: string
  /**
   * `own`: at the vendor's origins, and where the user says that the vendor's API is. `anywhere`: on every host but this
   * machine's own, for the path belongs to no other API; so a gateway that nobody told of works.
   */
  readonly at: 'own' | 'anywhere'
}

/** What some answers of an API cannot carry: a fault that needs it has no counterpart there. */
export interface Lack {
  readonly trait: Trait
  /** Which answers: `at once`, `streamed`, ... */
  readonly of: string
  readonly reason: string
}

/** One API of a vendor's. */
export interface Api {
  readonly routes: readonly Route[]
  /** What the wire says of why an answer ended. */
  readonly stops: Readonly<Record<StopReason, string>>
  /** What not every answer of it can carry, beside a stream that was not asked for; nothing by default. */
  readonly lacks?: readonly Lack[]
  /** `memory` is what an earlier session's snapshot gave. */
  open(memory?: Json): ProviderSession
}

/**
 * An endpoint beside the APIs that asks no model: tokens are counted, texts embedded. What it answers follows from the
 * request alone, or from what an API keeps. A request to it is a crossing of `http`, as one to any service is.
 */
export interface Utility {
  readonly routes: readonly Route[]
  /** The API that keeps what it reads and changes, and whose session answers in a trial. */
  readonly shares?: string
  answer(request: WireRequest): WireAnswer
  /** An error answer. */
  fail(code: ModelFailureCode, details?: FailureDetails): WireAnswer
}

/**
 * How ids of tool calls look on the wire. A simulated model's own ids have 22 letters and digits. It must read them
 * again: `read(write(id))` is `id`. Ids that are not its own stay as they are.
 */
export interface CallIds {
  /** The model's id as it goes out. */
  write(id: string): string
  /** An id that the agent sent, as the model knows it. */
  read(id: string): string
}

/** What the vendor's clients read from the environment. */
export interface ClientEnvironment {
  /** A key of the shape that clients expect; it holds `simulatedKeyMark`. */
  readonly key: string
  /** Variables that hold the key. */
  readonly keyIn: readonly string[]
  /** Variables that point clients elsewhere, as to a gateway. What they name is honoured, unless the scenario or the
   * configuration says otherwise. */
  readonly baseURLIn: readonly string[]
  /** Further variables that would lead a client elsewhere; unset in a trial. */
  readonly unset: readonly string[]
}

/** All that is known of one vendor of models. `providerLaws` of `agent-chaos/provider-kit` checks one. */
export interface Provider {
  /** In kebab-case; under it agents find `endpoints.NAME`. */
  readonly name: string
  readonly apis: Readonly<Record<string, Api>>
  /** Under names that no API has. */
  readonly utilities?: Readonly<Record<string, Utility>>
  /** What else people use at the vendor's own origins, by how its path begins: it is refused by that name. */
  readonly notSimulated?: Readonly<Record<string, string>>
  /** The vendor's own origins, the one that clients use by default first. `*` stands for the beginning of a host. */
  readonly origins: readonly [string, ...string[]]
  readonly environment: ClientEnvironment
  readonly prices: PriceList
  readonly callIds: CallIds
  /** The HTTP status that stands for a failure on the vendor's wires. */
  statusOf(code: ModelFailureCode): number
}

/** Where a provider's API is, in place of the vendor's own origin: a gateway, a proxy, a compatible server. */
export interface EndpointOptions {
  readonly baseURL?: string
}

/** By the provider's name. */
export type EndpointsOptions = Readonly<Record<string, EndpointOptions>>

/** What an agent that makes its own client is told of a provider. */
export interface ModelEndpoint {
  readonly baseURL: string
  /** A dummy: a trial reaches no network. */
  readonly apiKey: string
}

/**
 * Stands in every API key that a provider puts into the environment. By it a simulated key is recognised wherever it turns
 * up, whatever vendor's shape it has.
 */
export const simulatedKeyMark = 'agent-chaos-simulated-key'

/** Ids as vendors have them that set a prefix before letters and digits. */
export function prefixedCallIds(prefix: string): CallIds {
  const from = prefix.length
  return {
    write: (id) => (isModelsId(id) ? prefix + id : id),
    read: (id) => {
      const rest = id.startsWith(prefix) ? id.slice(from) : id
      return isModelsId(rest) ? rest : id
    },
  }
}

const modelsId = /^[A-Za-z0-9]+$/

function isModelsId(id: string): boolean {
  return id.length === 22 && modelsId.test(id)
}

/**
 * Where a provider's API is reached and the dummy key for it: the base URL that is given, or the vendor's own origin.
 */
export function endpointOf(provider: Provider, { baseURL }: EndpointOptions = {}): ModelEndpoint {
  return { baseURL: baseURL ?? provider.origins[0], apiKey: provider.environment.key }
}

/** Variables of a process; `undefined` for one that is not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The environment that lets the vendors' clients be made without a key; a base URL that `environment` has is honoured. */
export function variablesOf(
  {
    providers,
    endpoints = {},
  }: { readonly providers: readonly Provider[]; readonly endpoints?: EndpointsOptions | undefined },
  environment: Environment,
): Environment {
  const variables: Record<string, string | undefined> = {}
  for (const { name, environment: own } of providers) {
    const named = endpoints[name]?.baseURL
    for (const variable of own.keyIn) variables[variable] = own.key
    for (const variable of own.baseURLIn) variables[variable] = named ?? environment[variable]
    for (const variable of own.unset) variables[variable] = undefined
  }
  return variables
}
