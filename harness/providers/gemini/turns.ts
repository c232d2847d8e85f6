/**
 * How contents go together: turns of the user and of the model, each function call answered in the content that follows,
 * by one response each. These are the rules that agents break when they trim, repair or resume a history.
 */
import type { Block, Message } from '../../contracts/conversation.js'
import { shortDigest } from '../../contracts/digest.js'
import type { Content, ContentPart, FunctionCall, FunctionResponse } from './contents.js'
import { invalid } from './error.js'
import { needsSignatures, signsCalls } from './models.js'
import { checkSignature, missingSignature } from './signatures.js'
import type { UnnamedCalls } from './unnamed-calls.js'

/** The contents as a conversation. */
export interface Turns {
  readonly messages: readonly Message[]
  /** Tells all of the contents. */
  readonly digest: string
}

/** Throws `Refused` in the real API's words. What the model thought is not looked at. */
export function readTurns(contents: readonly Content[], model: string, unnamed: UnnamedCalls): Turns {
  checkEnd(contents)
  const reader = new TurnsReader(contents, model, unnamed)
  return reader.read()
}

/** Of the calls since the user last said something. Throws `Refused` for one that is not signed, or not as it was. */
export function checkSignatures(contents: readonly Content[], model: string): void {
  const current = contents.findLastIndex(({ role, parts }) => role === 'user' && !parts.every(isResponse))
  for (let start = current + 1; start < contents.length; start++) {
    const end = endOfTurn(contents, start)
    checkTurn(contents.slice(start, end), start, model)
    start = end
  }
}

/** Only the first call of an answer is signed. */
function checkTurn(contents: readonly Content[], start: number, model: string): void {
  const at = contents.findIndex(({ parts }) => parts.some(isCall))
  const first = contents[at]?.parts.find(isCall)
  if (!first) return
  if (first.signature === undefined && needsSignatures(model)) throw missingSignature(first.name, start + at + 1)
  for (const { signature } of contents.flatMap(({ parts }) => parts.filter(isCall))) {
    if (signature !== undefined) checkSignature(signature)
  }
}

/** Clients may hand a streamed answer back in as many contents as it had events. */
function endOfTurn(contents: readonly Content[], start: number): number {
  let end = start
  while (contents[end]?.role === 'assistant') end++
  return end
}

/** The contents as they stand, however they go together: of a request that is refused. */
export function looseMessages(contents: readonly Content[]): readonly Message[] {
  const idOf = (part: ContentPart) => ('id' in part ? part.id : undefined) ?? ('name' in part ? part.name : '')
  return contents.map(({ role, parts }) => ({ role, blocks: parts.map((part) => blockOf(part, () => idOf(part))) }))
}

function checkEnd(contents: readonly Content[]): void {
  const last = contents.at(-1)
  if (last?.role !== 'assistant') return
  if (contents.length === 1) {
    const message = 'Please ensure that single turn requests end with a user role or the role field is empty.'
    throw invalid(message, 'last-message-not-of-user')
  }
  const reason = last.parts.some(isCall) ? 'unanswered-tool-call' : 'last-message-not-of-user'
  throw invalid('Requests ending with a model turn are not supported.', reason)
}

/** A function call that awaits its response. */
interface OpenCall {
  readonly id: string
  readonly call: FunctionCall
}

class TurnsReader {
  readonly #contents: readonly Content[]
  readonly #model: string
  readonly #unnamed: UnnamedCalls
  readonly #messages: Message[] = []
  /** The calls of the model's turn just before; empty after any content of the user's. */
  #open: readonly OpenCall[] = []
  #digest = ''

  constructor(contents: readonly Content[], model: string, unnamed: UnnamedCalls) {
    this.#contents = contents
    this.#model = model
    this.#unnamed = unnamed
  }

  read(): Turns {
    for (let index = 0; index < this.#contents.length; ) {
      const content = this.#contents[index] as Content
      if (content.role === 'user') {
        this.#readUser(content)
        index++
      } else {
        const end = endOfTurn(this.#contents, index)
        this.#readModel(index, end)
        index = end
      }
    }
    return { messages: this.#messages, digest: this.#digest }
  }

  #readModel(start: number, end: number): void {
    const contents = this.#contents.slice(start, end)
    const calls = contents.flatMap(({ parts }) => parts.filter(isCall))
    if (calls.length > 0 && start === 0) throw misplacedCall()
    const ids = this.#idsOf(calls)
    this.#open = calls.map((call, index) => ({ call, id: ids[index] as string }))
    const left = [...ids]
    const blocks = contents.flatMap(({ parts }) => parts.map((part) => blockOf(part, () => left.shift() as string)))
    this.#add('assistant', blocks)
    for (const content of contents) this.#advance(content)
  }

  #idsOf(calls: readonly FunctionCall[]): string[] {
    if (calls.length === 0) return []
    if (signsCalls(this.#model) && calls.every(({ id }) => id !== undefined)) return calls.map(({ id }) => id as string)
    return this.#unnamed.find(this.#digest, calls)
  }

  #readUser(content: Content): void {
    const responses = content.parts.filter(isResponse)
    if (responses.length !== this.#open.length) throw this.#mismatch(responses.length)
    const ids = match(responses, this.#open)
    this.#open = []
    this.#add(
      'user',
      content.parts.map((part) => blockOf(part, () => ids.get(part as FunctionResponse) as string)),
    )
    this.#advance(content)
  }

  #mismatch(responses: number): Error {
    if (this.#open.length === 0) {
      const message = 'Please ensure that function response turn comes immediately after a function call turn.'
      return invalid(message, 'unknown-tool-result')
    }
    return invalid(
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      responses > this.#open.length ? 'repeated-tool-result' : 'unanswered-tool-call',
    )
  }

  #add(role: Message['role'], blocks: readonly Block[]): void {
    if (blocks.length === 0) return
    const last = this.#messages.at(-1)
    if (last?.role !== role) this.#messages.push({ role, blocks })
    else this.#messages[this.#messages.length - 1] = { role, blocks: [...last.blocks, ...blocks] }
  }

  #advance({ digest }: Content): void {
    this.#digest = shortDigest(this.#digest + digest)
  }
}

function misplacedCall(): Error {
  const message =
    'Please ensure that function call turn comes immediately after a user turn or after a function response turn.'
  return invalid(message, 'first-message-not-of-user')
}

/** Which call each response is for: the one whose id it has, else the first of its name, else the first that is left. */
function match(responses: readonly FunctionResponse[], open: readonly OpenCall[]): Map<FunctionResponse, string> {
  const left = [...open]
  const ids = new Map<FunctionResponse, string>()
  const fits: ((response: FunctionResponse, open: OpenCall) => boolean)[] = [
    ({ id }, { call, id: own }) => id !== undefined && (id === call.id || id === own),
    ({ name }, { call }) => name === call.name,
    () => true,
  ]
  for (const fit of fits) {
    for (const response of responses) {
      if (ids.has(response)) continue
      const at = left.findIndex((one) => fit(response, one))
      const [found] = at < 0 ? [] : left.splice(at, 1)
      if (found) ids.set(response, found.id)
    }
  }
  return ids
}

function blockOf(part: ContentPart, idOf: () => string): Block {
  switch (part.kind) {
    case 'call':
      return { kind: 'tool-call', id: idOf(), name: part.name, input: part.input }
    case 'response': {
      const { failed, text, others } = part
      return { kind: 'tool-result', id: idOf(), failed, text, ...(others.length > 0 && { others }) }
    }
    default:
      return part
  }
}

function isCall(part: ContentPart): part is FunctionCall {
  return part.kind === 'call'
}

function isResponse(part: ContentPart): part is FunctionResponse {
  return part.kind === 'response'
}
