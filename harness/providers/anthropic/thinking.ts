/**
 * Thinking: when a model is asked to think, and the blocks in which its thoughts go out and come back. Each block is signed,
 * so that one which was changed, or that no model thought, is refused. Blocks follow from the answer and never vary.
 */
import type { Reply } from '../../contracts/conversation.js'
import { shortDigest } from '../../contracts/digest.js'
import { invalid } from './error.js'
import { type Fields, isFields } from './messages.js'

/** What a request asks for. `omitted`: the thoughts stay with the API, and their signature goes out. */
export interface Thinking {
  readonly mode: 'off' | 'enabled' | 'adaptive'
  readonly omitted: boolean
}

/** A block as it goes out. */
export interface ThinkingBlock {
  readonly type: 'thinking'
  readonly thinking: string
  readonly signature: string
}

const budgetMin = 1024
/** Types of `tool_choice` by which a tool must be called. */
const forcing = new Set(['any', 'tool'])

/** Throws `Refused` for settings that do not go together. */
export function readThinking(body: Fields): Thinking {
  const { thinking } = body
  if (!isFields(thinking) || thinking.type === 'disabled') return { mode: 'off', omitted: false }
  const omitted = thinking.display === 'omitted'
  const { temperature } = body
  if (typeof temperature === 'number' && temperature !== 1) {
    throw invalid('`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.')
  }
  if (thinking.type !== 'enabled') return { mode: 'adaptive', omitted }
  checkBudget(thinking.budget_tokens, body.max_tokens)
  if (isFields(body.tool_choice) && forcing.has(String(body.tool_choice.type))) {
    throw invalid('Thinking may not be enabled when tool_choice forces tool use.')
  }
  return { mode: 'enabled', omitted }
}

function checkBudget(budget: unknown, maxTokens: unknown): void {
  const at = 'thinking.enabled.budget_tokens'
  if (budget === undefined) throw invalid(`${at}: Field required`, 'missing-field')
  if (typeof budget !== 'number' || !Number.isInteger(budget)) throw invalid(`${at}: Input should be a valid integer`)
  if (budget < budgetMin) throw invalid(`${at}: Input should be greater than or equal to ${budgetMin}`)
  if (budget >= Number(maxTokens)) throw invalid('`max_tokens` must be greater than `thinking.budget_tokens`.')
}

/** Throws `Refused` for blocks of thought that are not as they went out, and for those that are missing. */
export function checkThoughts(messages: readonly unknown[], { mode }: Thinking): void {
  if (mode === 'off') return
  const latest = messages.findLastIndex((message) => isFields(message) && message.role === 'assistant')
  messages.forEach((message, index) => {
    if (!isFields(message) || message.role !== 'assistant' || !Array.isArray(message.content)) return
    message.content.forEach((block: unknown, at) => {
      if (isFields(block)) checkThought(block, `messages.${index}.content.${at}`, index === latest)
    })
  })
  if (mode === 'enabled' && latest >= 0) checkStart(messages, latest)
}

function checkThought({ type, thinking, signature, data }: Fields, at: string, isLatest: boolean): void {
  if (type === 'redacted_thinking') {
    if (typeof data !== 'string') throw invalid(`${at}.redacted_thinking.data: Field required`, 'missing-field')
    return
  }
  if (type !== 'thinking') return
  if (typeof thinking !== 'string') throw invalid(`${at}.thinking.thinking: Field required`, 'missing-field')
  if (typeof signature !== 'string') throw invalid(`${at}.thinking.signature: Field required`, 'missing-field')
  const thought = thoughtIn(signature)
  if (thought === shortDigest(thinking)) return
  if (thought !== undefined && isLatest) {
    throw invalid(
      `${at}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. ` +
        'These blocks must remain as they were in the original response.',
      'unverified-reasoning',
    )
  }
  throw invalid(`${at}: Invalid \`signature\` in \`thinking\` block`, 'unverified-reasoning')
}

/** An answer that called tools is gone on from with what was thought before the calls. */
function checkStart(messages: readonly unknown[], latest: number): void {
  const { content } = messages[latest] as Fields
  if (!Array.isArray(content) || !content.some((block) => isFields(block) && block.type === 'tool_use')) return
  const first = isFields(content[0]) ? content[0].type : undefined
  if (first === 'thinking' || first === 'redacted_thinking') return
  throw invalid(
    `messages.${latest}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first)}\`. ` +
      'When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost ' +
      'set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid ' +
      'this requirement, disable `thinking`. Please consult our documentation at ' +
      'https://docs.claude.com/en/docs/build-with-claude/extended-thinking',
    'incomplete-reasoning',
  )
}

/** What the thoughts of the simulated model come to; always the same, as they are nobody's. */
const thoughtTokens = 64

export function reasoningTokensOf({ mode }: Thinking): number {
  return mode === 'off' ? 0 : thoughtTokens
}

const summary = 'What is asked for, and what is known of it, say what to do next.'

/** What the model thought before it answered; `undefined` where it was not to think. */
export function thoughtsOf({ blocks }: Reply, { mode, omitted }: Thinking): ThinkingBlock | undefined {
  if (mode === 'off') return undefined
  const thinking = omitted ? '' : summary
  // Ids of calls differ each time that a model is asked.
  const said = blocks.map((block) =>
    block.kind === 'text' ? block.text : [block.name, block.kind === 'tool-call' ? block.input : block.text],
  )
  return { type: 'thinking', thinking, signature: signatureOf(thinking, JSON.stringify(said)) }
}

const digestLength = 16

function signatureOf(thinking: string, answer: string): string {
  const signed = shortDigest(thinking) + shortDigest(answer)
  return Buffer.from(signed + sealOf(signed)).toString('base64')
}

/** The digest of the thought that was signed; `undefined` where no model of ours signed anything. */
function thoughtIn(signature: string): string | undefined {
  const text = Buffer.from(signature, 'base64').toString()
  const signed = text.slice(0, 2 * digestLength)
  return text.slice(2 * digestLength) === sealOf(signed) ? signed.slice(0, digestLength) : undefined
}

function sealOf(signed: string): string {
  return shortDigest(`sealed ${signed}`)
}
