/**
 * The model's answer on Gemini's wire: one JSON body, server-sent events, or the items of one JSON list, a chunk each.
 * Fields are those that the API sends, and no others.
 */
import { type Reply, type StopReason, type Usage, wholeBlocksOf } from '../../contracts/conversation.js'
import type { WireAnswer } from '../../contracts/provider.js'
import { fragments } from '../fragments.js'
import type { Form } from './error.js'
import { signsCalls } from './models.js'
import { signatureOf } from './signatures.js'

/** All that an answer is made of. */
export interface GeneratedFacts {
  readonly responseId: string
  readonly model: string
  readonly reply: Reply
  readonly usage: Usage
  readonly thinks: boolean
  readonly showsThoughts: boolean
}

export const finishReasons: Readonly<Record<StopReason, string>> = {
  'end-turn': 'STOP',
  'tool-use': 'STOP',
  'max-tokens': 'MAX_TOKENS',
  'context-full': 'MAX_TOKENS',
  refusal: 'SAFETY',
}

export function writeAnswer(facts: GeneratedFacts, form: Form): WireAnswer {
  if (form === 'json') return { status: 200, headers: jsonHeaders, chunks: [JSON.stringify(whole(facts))] }
  const chunks = eventsOf(facts).map((event) => JSON.stringify(event))
  return form === 'sse'
    ? { status: 200, headers: eventHeaders, chunks: chunks.map((chunk) => `data: ${chunk}\r\n\r\n`) }
    : { status: 200, headers: jsonHeaders, chunks: asList(chunks) }
}

const jsonHeaders = { 'content-type': 'application/json; charset=UTF-8' }
const eventHeaders = { 'content-type': 'text/event-stream', 'content-disposition': 'attachment' }

function asList(items: readonly string[]): string[] {
  return items.map((item, index) => `${index === 0 ? '[' : ',\r\n'}${item}${index === items.length - 1 ? ']' : ''}`)
}

type Part = Readonly<Record<string, unknown>>

function whole(facts: GeneratedFacts): object {
  if (isBlockedPrompt(facts)) return blockedPrompt(facts)
  return response(facts, candidate(partsOf(facts), facts.reply), tokens(facts))
}

/** Texts come in pieces and calls whole. The last event says why the answer ended. */
function eventsOf(facts: GeneratedFacts): object[] {
  if (isBlockedPrompt(facts)) return [blockedPrompt(facts)]
  const pieces = partsOf(facts).flatMap((part) =>
    typeof part.text === 'string' ? fragments(part.text).map((text) => ({ ...part, text })) : [part],
  )
  // The signature of a text comes behind it.
  const signed = isSignedText(facts)
  const open = signed ? pieces.map(({ thoughtSignature: _, ...part }) => part) : pieces
  const last = signed ? { text: '', thoughtSignature: signatureOf(saidBy(facts.reply)) } : { text: '' }
  const end = candidate(isMalformedCall(facts.reply) ? [] : [last], facts.reply)
  return [
    ...open.map((part) => response(facts, { content: content([part]), index: 0 }, promptTokens(facts))),
    response(facts, end, tokens(facts)),
  ]
}

function response({ model, responseId }: GeneratedFacts, one: object, usageMetadata: object): object {
  return { candidates: [one], usageMetadata, modelVersion: model, responseId }
}

function candidate(parts: readonly Part[], reply: Reply): object {
  if (isMalformedCall(reply)) {
    const finishMessage = `Malformed function call: ${malformedIn(reply)}`
    return { content: {}, finishReason: 'MALFORMED_FUNCTION_CALL', index: 0, finishMessage }
  }
  const ratings = [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true }]
  return {
    content: content(parts),
    finishReason: finishReasons[reply.stop],
    index: 0,
    ...(reply.stop === 'refusal' && { safetyRatings: ratings }),
  }
}

function content(parts: readonly Part[]): object {
  return parts.length === 0 ? { role: 'model' } : { parts, role: 'model' }
}

/** The model began a call, and none came of it. What cuts an answer short leaves nothing of a call that it cuts. */
function isMalformedCall({ blocks, stop }: Reply): boolean {
  return stop === 'tool-use' && (blocks.length === 0 || blocks.some(({ kind }) => kind === 'broken-call'))
}

function malformedIn({ blocks }: Reply): string {
  const call = blocks.find((block) => block.kind === 'broken-call')
  return call ? `${call.name}${call.text}` : 'the call could not be parsed.'
}

/** A refusal without a word is one of what was asked. */
function isBlockedPrompt({ reply: { blocks, stop } }: GeneratedFacts): boolean {
  return stop === 'refusal' && blocks.length === 0
}

function blockedPrompt({ usage, model, responseId }: GeneratedFacts): object {
  return {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: promptTokens({ usage }),
    modelVersion: model,
    responseId,
  }
}

const summary = 'What is asked for, and what is known of it, say what to do next.'

/** The first call is signed, or else the last text. */
function partsOf(facts: GeneratedFacts): Part[] {
  const { model, reply, showsThoughts, thinks } = facts
  const signs = signsCalls(model)
  const signature = { thoughtSignature: signatureOf(saidBy(reply)) }
  const blocks = wholeBlocksOf(reply)
  const first = blocks.find(({ kind }) => kind === 'tool-call') ?? blocks.at(-1)
  const parts = blocks.map((block): Part => {
    const sealed = signs && block === first ? signature : {}
    if (block.kind === 'text') return { text: block.text, ...sealed }
    const { id, name, input: args } = block
    return { functionCall: signs ? { id, name, args } : { name, args }, ...sealed }
  })
  return showsThoughts && thinks ? [{ thought: true, text: summary }, ...parts] : parts
}

function isSignedText({ model, reply }: GeneratedFacts): boolean {
  const blocks = wholeBlocksOf(reply)
  return signsCalls(model) && blocks.length > 0 && blocks.every(({ kind }) => kind === 'text')
}

/** An answer without its ids, which differ each time that a model is asked. */
function saidBy(reply: Reply): string {
  return JSON.stringify(
    wholeBlocksOf(reply).map((block) => (block.kind === 'text' ? block.text : [block.name, block.input])),
  )
}

function tokens({ usage }: GeneratedFacts): object {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens: thoughts = 0 } = usage
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - thoughts,
    totalTokenCount: inputTokens + outputTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    ...(cachedInputTokens !== undefined && { cachedContentTokenCount: cachedInputTokens }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  }
}

function promptTokens({ usage: { inputTokens } }: Pick<GeneratedFacts, 'usage'>): object {
  return {
    promptTokenCount: inputTokens,
    totalTokenCount: inputTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
  }
}
