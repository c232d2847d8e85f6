/**
 * Reads a request to `:generateContent` or `:streamGenerateContent` as the real API does, and refuses what it refuses, in
 * its words.
 */
import type { Json } from '../../../faults/json.js'
import type { Anything } from '../../contracts/checks.js'
import type { Conversation } from '../../contracts/conversation.js'
import type { WireRequest } from '../../contracts/provider.js'
import type { GrowingBodies } from '../growing-bodies.js'
import { Refused } from '../refused.js'
import { type Content, readContent, textIn } from './contents.js'
import { type Form, type GeminiRefusal, invalid, invalidField, malformedRequest, missingKey } from './error.js'
import { generateContentRequest, readMessage } from './fields.js'
import { signsCalls, structuresBesideTools } from './models.js'
/** A request whose contents are each in order; how they go together is not looked at yet. */
export interface GenerateRequest {
  readonly asked: Omit<Conversation, 'messages'>
  readonly contents: readonly Content[]
  /** Of everything that the model reads: contents, instruction, tools. */
  readonly characters: number
  /** The tools as they are described. */
  readonly definitions: Json
  /** The other fields of the body. */
  readonly settings: Anything
  /** Whether the model is to think, and to show what it thought. */
  readonly thinks: boolean
  readonly showsThoughts: boolean
}

/** In which form the answer is to come. */
export function formOf(url: string): Form {
  const { pathname, searchParams } = new URL(url)
  if (!/:streamGenerateContent$/i.test(pathname)) return 'json'
  return (searchParams.get('alt') ?? searchParams.get('$alt')) === 'sse' ? 'sse' : 'list'
}

/** The model that the address names. */
export function modelOf(url: string): string {
  const name = /\/models\/([^/:]+):[^/]*$/.exec(new URL(url).pathname)?.[1]
  return name === undefined ? 'unknown' : decodeURIComponent(name)
}

/** Throws `Refused`, with the real API's code, status and message. */
export function parseRequest(request: WireRequest, bodies: GrowingBodies): GenerateRequest {
  authenticate(request)
  return readRequest(parseBody(request.body, bodies), modelOf(request.url))
}

/** The same, of a body that is read. */
export function readRequest(value: Anything, model: string): GenerateRequest {
  const body = readMessage(value, generateContentRequest, '')
  const { contents, systemInstruction, tools, toolConfig, model: _model, ...others } = body
  const list = contents === undefined ? [] : Array.isArray(contents) ? contents : [contents]
  if (list.length === 0) throw invalidField('contents', 'contents is not specified', 'missing-field')
  const read = list.map(readContent)
  const offer = readTools((tools ?? []) as readonly Anything[])
  const settings = toolConfig === undefined ? others : { ...others, toolConfig }
  checkSettings(settings, model, offer)
  const system = textIn(systemInstruction as Anything | undefined)
  const characters = read.reduce((sum, content) => sum + content.characters, system.length + offer.characters)
  checkLength(characters)
  const thinking = ((settings.generationConfig as Anything | undefined)?.thinkingConfig ?? {}) as Anything
  return {
    asked: { model, system, tools: onOffer(offer.names, toolConfig as Anything) },
    contents: read,
    characters,
    definitions: (tools ?? []) as Json,
    settings,
    thinks: thinking.thinkingBudget !== 0,
    showsThoughts: thinking.includeThoughts === true,
  }
}

export function authenticate(request: WireRequest): void {
  if (request.header('x-goog-api-key') || request.header('authorization')) return
  if (!new URL(request.url).searchParams.get('key')) throw missingKey()
}

const snippetLength = 40

/** Throws `Refused` for what is no JSON, or no message. */
export function parseBody(text: string, bodies: GrowingBodies): Anything {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = bodies.parse(text)
  } catch {
    // The parser's own words differ between versions of Node.
    const description = `Invalid JSON payload received. Unexpected token.\n${text.slice(0, snippetLength)}\n^`
    throw malformedRequest([{ field: '', description }], 'not-json')
  }
  if (Array.isArray(value)) {
    const description = 'Invalid JSON payload received. Unknown name "": Root element must be a message.'
    throw malformedRequest([{ field: '', description }])
  }
  return value as Anything
}

interface Offer {
  readonly names: readonly string[]
  readonly characters: number
}

const functionName = /^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/

function readTools(tools: readonly Anything[]): Offer {
  const names: string[] = []
  tools.forEach(({ functionDeclarations = [] }, number) => {
    ;(functionDeclarations as readonly Anything[]).forEach(({ name }, index) => {
      const at = `tools[${number}].function_declarations[${index}].name`
      if (typeof name !== 'string' || !functionName.test(name)) throw invalidField(at, invalidName)
      if (names.includes(name)) throw invalid(`Duplicate function declaration found: ${name}`, 'repeated-tool-name')
      names.push(name)
    })
  })
  return { names, characters: names.length === 0 ? 0 : JSON.stringify(tools).length }
}

const invalidName =
  'Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores ' +
  '(_), dots (.), colons (:), or dashes (-), with a maximum length of 128.'

/** Which functions the model may call this time. */
function onOffer(names: readonly string[], toolConfig: Anything | undefined): readonly string[] {
  const { mode, allowedFunctionNames } = (toolConfig?.functionCallingConfig ?? {}) as Anything
  if (String(mode).toUpperCase() === 'NONE') return []
  if (!Array.isArray(allowedFunctionNames) || allowedFunctionNames.length === 0) return names
  return names.filter((name) => allowedFunctionNames.includes(name))
}

function checkSettings({ generationConfig, cachedContent }: Anything, model: string, { names }: Offer): void {
  if (cachedContent !== undefined) throw unknownCache()
  const { responseMimeType } = (generationConfig ?? {}) as Anything
  if (responseMimeType === 'application/json' && names.length > 0 && !structuresBesideTools(model)) {
    throw invalid("Function calling with a response mime type: 'application/json' is unsupported")
  }
}

/** None can have been made: the API that makes them is not simulated. */
function unknownCache(): Error {
  const message = 'CachedContent not found (or permission denied)'
  return new Refused<GeminiRefusal>({ status: 403, canonical: 'PERMISSION_DENIED', message, reason: 'malformed' })
}

const tokensMax = 1_048_576

function checkLength(characters: number): void {
  const tokens = Math.ceil(characters / 4)
  if (tokens <= tokensMax) return
  const message = `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${tokensMax}).`
  throw invalid(message, 'too-long')
}

/** About four characters a token, as the vendor's own rule of thumb has it. */
export function inputTokensOf({ characters }: Pick<GenerateRequest, 'characters'>): number {
  return Math.max(1, Math.ceil(characters / 4))
}

/** What the thoughts of the simulated model come to; always the same, as they are nobody's. */
const thoughtTokens = 64

export function reasoningTokensOf({ asked, thinks }: Pick<GenerateRequest, 'asked' | 'thinks'>): number {
  return thinks && signsCalls(asked.model) ? thoughtTokens : 0
}
