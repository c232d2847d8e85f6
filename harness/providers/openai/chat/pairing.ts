/**
 * How tool calls and their results go together: each call is answered by a message of its own right behind it, before
 * anything else is said. These are the rules that agents break when they trim, repair or resume a history.
 */
import { invalid } from '../error.js'
import type { ReadMessage } from './messages.js'

/** Throws `Refused` in the real API's words. */
export function checkPairing(messages: readonly ReadMessage[]): void {
  let asked: ReadonlySet<string> = none
  let open = new Set<string>()
  messages.forEach(({ role, calls, answers }, index) => {
    if (answers !== undefined) {
      if (asked.size === 0) throw uncalledError(index)
      if (!asked.has(answers)) throw unknownError(answers, index)
      if (!open.delete(answers)) throw repeatedError(answers, index)
      return
    }
    if (open.size > 0) throw unansweredError(open, `messages.[${index}].role`)
    asked = role === 'assistant' ? new Set(calls) : none
    open = new Set(asked)
  })
  if (open.size > 0) throw unansweredError(open, 'messages')
}

const none: ReadonlySet<string> = new Set()

function uncalledError(index: number): Error {
  // The API's own spelling.
  const message =
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
  return invalid(message, { param: `messages.[${index}].role`, reason: 'unknown-tool-result' })
}

function unknownError(id: string, index: number): Error {
  const message = `Invalid parameter: 'tool_call_id' of '${id}' not found in 'tool_calls' of previous message.`
  return invalid(message, { param: `messages.[${index}].tool_call_id`, reason: 'unknown-tool-result' })
}

function repeatedError(id: string, index: number): Error {
  const message = `Duplicate value for 'tool_call_id' of '${id}' in message[${index}]`
  return invalid(message, { param: `messages.[${index}].tool_call_id`, reason: 'repeated-tool-result' })
}

function unansweredError(ids: ReadonlySet<string>, param: string): Error {
  const message =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
    `The following tool_call_ids did not have response messages: ${[...ids].join(', ')}`
  return invalid(message, { param, reason: 'unanswered-tool-call' })
}
