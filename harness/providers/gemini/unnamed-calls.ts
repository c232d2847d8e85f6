/**
 * Finds function calls again that the wire gives no id. An answer is known by what went before it: the contents that it
 * answered and the calls that it made. Of answers that are the same, the last is the one that the agent goes on from.
 */
import type { Json } from '../../../faults/json.js'
import type { Reply, ToolUse } from '../../contracts/conversation.js'

/** A call as the wire has it. */
export type Unnamed = Omit<ToolUse, 'id'>

/** The calls of one answer. */
interface Answer {
  /** Tells the contents that it answered. */
  readonly before: string
  readonly calls: readonly ToolUse[]
}

export class UnnamedCalls {
  readonly #answers: Answer[]

  constructor(memory: Json) {
    this.#answers = [...(memory as unknown as Answer[])]
  }

  /** Plain data, for the constructor. */
  snapshot(): Json {
    return JSON.parse(JSON.stringify(this.#answers)) as Json
  }

  keep(before: string, { blocks }: Reply): void {
    const calls = blocks.flatMap((block) => (block.kind === 'tool-call' ? [block] : []))
    if (calls.length > 0) this.#answers.push({ before, calls })
  }

  /** Ids for the calls of an answer to these contents. Those that no answer made get one by where they stand. */
  find(before: string, calls: readonly Unnamed[]): string[] {
    const here = (answer: Answer) => answer.before === before
    const found =
      this.#answers.findLast((answer) => here(answer) && begins(answer, calls, isSame)) ??
      this.#answers.findLast((answer) => here(answer) && begins(answer, calls, isSameTool)) ??
      this.#answers.findLast((answer) => begins(answer, calls, isSame))
    return calls.map((_, index) => found?.calls[index]?.id ?? `${before}-${index}`)
  }
}

/** Whether these are the calls of the answer, or of its beginning: it may have been cut off. */
function begins(
  { calls }: Answer,
  given: readonly Unnamed[],
  same: (left: Unnamed, right: Unnamed) => boolean,
): boolean {
  return given.length <= calls.length && given.every((call, index) => same(call, calls[index] as Unnamed))
}

function isSame(left: Unnamed, right: Unnamed): boolean {
  return isSameTool(left, right) && JSON.stringify(left.input) === JSON.stringify(right.input)
}

function isSameTool(left: Unnamed, right: Unnamed): boolean {
  return left.name === right.name
}
