/**
 * The services of a recording: each request that was recorded has its recorded answer. What a service answers depends on what
 * was done to it. So a read is answered by what was read when the same had been done.
 */
import type { Json } from '../../../faults/json.js'
import { UserError } from '../../contracts/errors.js'
import { differenceOf, likest, steady, tellDifference } from '../../contracts/recorded-likeness.js'
import type { RecordedAnswer, RecordedRequest, Recording } from '../../contracts/recording.js'
import type { NamedIntent, WorldContext } from '../../contracts/scenario.js'
import { redacted } from '../../contracts/secret-forms.js'
import type { ServiceAnswer, ServiceOptions, ServiceRequest } from '../../contracts/service.js'

/** The memory of recorded services: plain data, which outlives the agent. */
export interface RecordedState {
  /** The recorded changes that were made, by their numbers in the recording. */
  readonly applied: number[]
  /** How often each read was answered since, by the number of the first of its answers. */
  readonly asked: Record<string, number>
}

type Asked = Pick<RecordedRequest, 'method' | 'url' | 'body'>

/** `file` is where the recording stands, for whoever is told of a mismatch. */
export class RecordedServices {
  readonly #requests: readonly RecordedRequest[]
  /** The same as they are compared: ids that a vendor gave may be others after a fault. */
  readonly #compared: readonly Json[]
  readonly #file: string

  constructor({ requests, ...recording }: Pick<Recording, 'requests' | 'questions' | 'conversations'>, file: string) {
    const ids = vendorsIdsIn(recording)
    this.#requests = requests
    this.#compared = requests.map((one) => withoutIds(plain(one), ids))
    this.#file = file
  }

  declare({ http, state, faultLanded }: Pick<WorldContext<RecordedState>, 'http' | 'state' | 'faultLanded'>): void {
    for (const origin of new Set(this.#requests.map(({ url }) => new URL(url).origin))) {
      const own = this.#requests.filter(({ url }) => new URL(url).origin === origin)
      const keyed: ServiceOptions = own.some((one) => one.keyed) ? { idempotency: 'ietf' } : {}
      const intent = (request: ServiceRequest) => this.#intentOf(askedBy(request))
      http.service(origin, (request) => this.#answer(askedBy(request), state, faultLanded), { ...keyed, intent })
    }
  }

  /** The changes that must happen again. */
  get intents(): readonly NamedIntent[] {
    return this.#changes
      .flatMap((index) => this.#intentOf(this.#requests[index] as RecordedRequest) ?? [])
      .map(nameIntent)
  }

  /** Whether all has been changed again that was changed then. */
  isDone({ applied }: RecordedState): boolean {
    return this.#changes.every((index) => applied.includes(index))
  }

  get #changes(): readonly number[] {
    return this.#requests.flatMap(({ changes }, index) => (changes ? [index] : []))
  }

  /** `null` for what changes nothing, and for a change that was made more than once: either of two may be meant. */
  #intentOf(asked: Asked): { readonly kind: string; readonly intent: string } | null {
    const likes = this.#likes(asked)
    const known = this.#requests[likes[0] ?? -1]
    if (known && (!known.changes || likes.length > 1)) return null
    const { method, url, body } = known ?? asked
    const { host, pathname, search } = new URL(url)
    const text = body === undefined ? search : typeof body === 'string' ? body : JSON.stringify(body)
    return { kind: `${method} ${host}${pathname}`, intent: steady(text) }
  }

  #answer(asked: Asked, state: RecordedState, faultLanded: () => boolean): ServiceAnswer {
    const same = this.#same(asked)
    const [first] = same
    if (first === undefined) {
      const why = this.#mismatch(asked)
      if (!faultLanded()) throw new UserError(why, this.#file)
      return unknown(404, why)
    }
    if (this.#requests[first]?.changes) return this.#change(same, state)
    const read = this.#read(same, state)
    if (read !== undefined) return answerOf(this.#requests[read]?.answer)
    return unknown(503, 'the recording does not hold what this service answers after such a change')
  }

  #change(same: readonly number[], { applied }: RecordedState): ServiceAnswer {
    const index = same.find((one) => !applied.includes(one)) ?? (same.at(-1) as number)
    if (!applied.includes(index)) applied.push(index)
    return answerOf(this.#requests[index]?.answer)
  }

  /** `undefined` where the service was changed since, and was not read after that when it was recorded. */
  #read(same: readonly number[], { applied, asked }: RecordedState): number | undefined {
    const origin = new URL(this.#requests[same[0] as number]?.url as string).origin
    const ofService = (index: number) => new URL(this.#requests[index]?.url as string).origin === origin
    const made = this.#changes.filter((index) => ofService(index) && applied.includes(index))
    const before = (index: number) => this.#changes.filter((change) => ofService(change) && change < index)
    const fitting = same.filter((index) => String(before(index)) === String(made))
    const [first] = fitting
    if (first === undefined) return undefined
    const times = asked[first] ?? 0
    asked[first] = times + 1
    return fitting[Math.min(times, fitting.length - 1)]
  }

  #likes(asked: Asked): readonly number[] {
    const got = plain(asked)
    return this.#compared.flatMap((one, index) => (differenceOf(one, got) === undefined ? [index] : []))
  }

  #same(asked: Asked): readonly number[] {
    return likest(this.#likes(asked), (index) => plain(this.#requests[index] as RecordedRequest), plain(asked))
  }

  #mismatch(asked: Asked): string {
    const { origin, pathname } = new URL(asked.url)
    const likeness = (one: RecordedRequest) => {
      const url = new URL(one.url)
      const isSame = [url.origin === origin, url.pathname === pathname, one.method === asked.method]
      return isSame.filter(Boolean).length
    }
    const [near] = [...this.#requests].sort((left, right) => likeness(right) - likeness(left))
    const index = near ? this.#requests.indexOf(near) : -1
    const difference = differenceOf(this.#compared[index], plain(asked))
    const at = near ? ` Next to it is requests[${index}]` : ''
    const what = `${asked.method} ${origin}${pathname} was not recorded.${at}`
    return near && difference ? `${what}: ${tellDifference(difference)}` : what
  }
}

function nameIntent({ kind, intent }: { readonly kind: string; readonly intent: string }): NamedIntent {
  return { kind, id: intent }
}

function askedBy({ method, url, data, body }: ServiceRequest): Asked {
  if (body === '') return { method, url: url.href }
  return { method, url: url.href, body: data instanceof Uint8Array ? body : (data as Json) }
}

/** What is shorter stands in anything. */
const idMin = 8

function vendorsIdsIn({ questions, conversations = [] }: Pick<Recording, 'questions' | 'conversations'>): string[] {
  const given = questions.flatMap(({ ids }) => [ids?.answer ?? '', ...(ids?.calls ?? [])])
  return [...given, ...conversations].filter(({ length }) => length >= idMin)
}

/** Each stands for any text. */
function withoutIds(value: Json, ids: readonly string[]): Json {
  const text = JSON.stringify(value)
  const held = ids.filter((id) => text.includes(id))
  if (held.length === 0) return value
  const hide = (said: string) => held.reduce((rest, id) => rest.replaceAll(id, redacted), said)
  return JSON.parse(text, (_, part: unknown) => (typeof part === 'string' ? hide(part) : part)) as Json
}

/** Queries by their fields, whose order says nothing. */
function plain({ method, url, body }: Asked): Json {
  const { origin, pathname, searchParams } = new URL(url)
  const query = Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)] as const),
  )
  return { origin, path: pathname, method, query, ...(body !== undefined && { body }) }
}

function answerOf(answer: RecordedAnswer | undefined): ServiceAnswer {
  const { status = 200, headers, json, body, encoding } = answer ?? {}
  const content = body === undefined ? { json } : { body: encoding ? Buffer.from(body, encoding) : body }
  return { status, ...(headers && { headers }), ...content }
}

function unknown(status: number, why: string): ServiceAnswer {
  return { status, json: { error: `agent-chaos: ${why}` } }
}
