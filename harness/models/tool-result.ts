/**
 * What a tool result tells the model: that the call failed, and whether trying again makes sense. Tools say so in
 * several ways, and a model reads them all.
 */
import { isRecord } from '../contracts/checks.js'
import type { ToolResult } from '../contracts/request.js'

/** A failure as a result states it; `undefined` for a success. */
export interface ToolFailure {
  /** The result says `recoverable: false`: trying again will not help. */
  readonly final: boolean
}

/**
 * Failures are results marked as such, and JSON objects with a truthy `error`, `error_type` or `isError`. So are texts
 * that begin as a printed error does (`Error: …`, `TypeError: …`), or with words that frameworks have for it (`Error invoking
 * tool`). Such texts often come without a mark.
 */
export function failureOf(result: ToolResult): ToolFailure | undefined {
  const { text } = result
  const stated = text.includes('"recoverable"') || mentionsError.test(text) ? objectIn(text) : undefined
  const failed =
    result.failed ||
    printedError.test(text) ||
    toolError.test(text) ||
    (stated !== undefined && Boolean(stated.error || stated.error_type || stated.isError))
  return failed ? { final: isFinal(stated) } : undefined
}

const mentionsError = /"(?:error|error_type|isError)"/
const printedError = /^(?:[A-Z]\w*)?(?:Error|Exception): /
/** Beginnings of what frameworks report in words. */
const toolErrors = [
  // `Error invoking tool 'refund' with …`, `An error occurred while running the tool.`
  /(?:an )?error (?:occurred )?(?:while )?(?:invoking|running|executing|calling|parsing) (?:the )?(?:tool|function)\b/,
  // `Invalid input for tool refund: …`
  /invalid (?:input|arguments?|parameters?) (?:for|to) (?:the )?(?:tool|function)\b/,
  // `Model tried to call unavailable tool 'refund_all'.`, `Tool 'refund_all' not found in registry`
  /(?:the )?model tried to call (?:an )?unavailable (?:tool|function)\b/,
  /(?:tool|function) \S+ (?:is |was )?not found\b/,
]
const toolError = new RegExp(`^(?:${toolErrors.map(({ source }) => source).join('|')})`, 'i')

type Fields = Readonly<Record<string, unknown>>

function isFinal(stated: Fields | undefined): boolean {
  return stated?.recoverable === false || (isRecord(stated?.error) && stated.error.recoverable === false)
}

/** The JSON object that the text is, or that stands at its end, as in `Error: {"recoverable":false}`. */
function objectIn(text: string): Fields | undefined {
  const start = text.indexOf('{')
  if (start < 0 || (start > 0 && !printedError.test(text))) return undefined
  try {
    const value: unknown = JSON.parse(text.slice(start))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
