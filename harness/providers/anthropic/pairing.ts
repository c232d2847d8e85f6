/**
 * How tool calls and their results go together. Each call is answered first thing in the next message of the user's, by
 * one result, and ids are unique. These are the rules that agents break when they trim, repair or resume a history.
 */
import { beginsWith } from '../../contracts/begins-with.js'
import type { Message } from '../../contracts/conversation.js'
import { invalid } from './error.js'

/** Of one conversation: what was found right is not looked at again when more messages come behind it. */
export class Pairing {
  #checked: readonly Message[] = []
  #known = new Set<string>()

  /** Throws `Refused` in the real API's words. Consecutive messages of one role are merged already. */
  check(messages: readonly Message[]): void {
    const goesOn = beginsWith(messages, this.#checked)
    const begun = goesOn ? this.#checked.length : 0
    const known = goesOn ? this.#known : new Set<string>()
    // What is refused on the way has noted calls, and nobody goes on from there.
    this.#checked = []
    this.#known = new Set()
    let open = none
    for (let index = begun; index < messages.length; index++) {
      const message = messages[index] as Message
      const answered = answersIn(message, index, open)
      for (const id of open) if (!answered.has(id)) throw unansweredError(index - 1, missing(open, answered))
      open = callsIn(message, index, known)
    }
    if (open.size > 0) throw unansweredError(messages.length - 1, [...open])
    this.#checked = [...messages]
    this.#known = known
  }
}

const none: ReadonlySet<string> = new Set()

function callsIn({ role, blocks }: Message, index: number, known: Set<string>): ReadonlySet<string> {
  let calls: Set<string> | undefined
  blocks.forEach((block, at) => {
    if (block.kind !== 'tool-call') return
    if (role === 'user')
      throw invalid(`messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`, 'misplaced-block')
    if (known.has(block.id))
      throw invalid(`messages.${index}.content.${at}: \`tool_use\` ids must be unique`, 'repeated-tool-call')
    known.add(block.id)
    calls ??= new Set()
    calls.add(block.id)
  })
  return calls ?? none
}

/** The calls that are answered, those alone whose results stand before anything else in the message. */
function answersIn({ role, blocks }: Message, index: number, open: ReadonlySet<string>): ReadonlySet<string> {
  let answered: Set<string> | undefined
  let leading = true
  blocks.forEach((block, at) => {
    if (block.kind !== 'tool-result') {
      leading = false
      return
    }
    const where = `messages.${index}.content.${at}`
    if (role === 'assistant')
      throw invalid(`${where}: \`tool_result\` blocks can only be in \`user\` messages`, 'misplaced-block')
    if (!open.has(block.id)) throw unexpectedError(where, block.id)
    answered ??= new Set()
    if (answered.has(block.id)) throw repeatedError(where, block.id)
    if (leading) answered.add(block.id)
  })
  return answered ?? none
}

function missing(open: ReadonlySet<string>, answered: ReadonlySet<string>): string[] {
  return [...open].filter((id) => !answered.has(id))
}

function unansweredError(index: number, ids: readonly string[]): Error {
  return invalid(
    `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. ` +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
    'unanswered-tool-call',
  )
}

function unexpectedError(where: string, id: string): Error {
  return invalid(
    `${where}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
      'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
    'unknown-tool-result',
  )
}

function repeatedError(where: string, id: string): Error {
  return invalid(
    `${where}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`,
    'repeated-tool-result',
  )
}
