/**
 * What the model makes of a result that tells of a failure without the wire's mark. A real model reads it and
 * understands; a simulated one cannot read. But it is known here which call of a tool failed, and its result is found by
 * the call's id. So a failure that is handed over in words is one.
 */
import { runsTool } from '../../contracts/boundary.js'
import type { Block, Conversation, Message, ToolUse } from '../../contracts/conversation.js'
import { mayBe } from '../../contracts/model-asks.js'
import type { ErrorFacts, EventOf, TraceEvent } from '../../contracts/trace.js'

type Result = Extract<Block, { kind: 'tool-result' }>

/** A run of a tool, and how it ended: `undefined` while it goes on. */
interface Run {
  readonly call: EventOf<'call'>
  outcome: EventOf<'return'>['outcome'] | undefined
}

interface Ask {
  readonly use: ToolUse
  /** How many runs there were before it. */
  readonly after: number
}

export class FailedCalls {
  readonly #runs: Run[] = []
  readonly #byCrossing = new Map<number, Run>()
  readonly #asks = new Map<string, Ask>()
  /** By the id of the call: what comes later, such as a further call that goes well, makes another thing of no result. */
  readonly #known = new Map<string, boolean>()
  #read = 0
  /** Runs that did not go well, or have not ended. */
  #open = 0

  /** The conversation with results marked as failed that tell of a failure. `events` are those of the trace so far. */
  mark(conversation: Conversation, events: readonly TraceEvent[]): Conversation {
    while (this.#read < events.length) this.#take(events[this.#read++] as TraceEvent)
    if (this.#open === 0) return conversation
    return { ...conversation, messages: conversation.messages.map((message) => this.#markIn(message)) }
  }

  #take(event: TraceEvent): void {
    if (event.kind === 'call' && runsTool(event.site)) {
      const run = { call: event, outcome: undefined }
      this.#runs.push(run)
      this.#byCrossing.set(event.crossing, run)
      this.#open++
    } else if (event.kind === 'return') {
      const run = this.#byCrossing.get(event.crossing)
      if (run) run.outcome = event.outcome
      if (run && event.outcome.kind === 'ok') this.#open--
      for (const block of event.reply?.blocks ?? []) {
        if (block.kind === 'tool-call') this.#asks.set(block.id, { use: block, after: this.#runs.length })
      }
    }
  }

  #markIn(message: Message): Message {
    const isHidden = (block: Block) => block.kind === 'tool-result' && !block.failed && this.#isFailure(block)
    if (!message.blocks.some(isHidden)) return message
    return { ...message, blocks: message.blocks.map((block) => (isHidden(block) ? { ...block, failed: true } : block)) }
  }

  #isFailure(result: Result): boolean {
    const known = this.#known.get(result.id)
    if (known !== undefined) return known
    const isFailure = this.#tellsOfFailure(result)
    this.#known.set(result.id, isFailure)
    return isFailure
  }

  /** Whether every run of the call failed, and the result says so. What it says else is the agent's substitute. */
  #tellsOfFailure({ id, text }: Result): boolean {
    const ask = this.#asks.get(id)
    if (!ask) return false
    const { id: callId, name: tool, input } = ask.use
    const runs = this.#runs.slice(ask.after).filter(({ call }) => mayBe({ call }, { id: callId, tool, input }))
    if (runs.length === 0 || runs.some(({ outcome }) => outcome?.kind === 'ok')) return false
    return (
      failureWords.test(text) || runs.some(({ outcome }) => outcome?.kind === 'failed' && quotes(text, outcome.error))
    )
  }
}

const failureWords =
  /\b(?:errors?|exceptions?|fail(?:ed|ing|s|ures?)?|time(?:d|s)?[ -]?out|unavailable|unable|unreachable|could ?n[o']t|cannot|can't|did ?n[o']t|refused|denied|rejected|aborted|went wrong|E[A-Z]{4,})\b/i

/** Words of the error itself, in whatever language the rest is. */
function quotes(text: string, { message, code, status }: ErrorFacts): boolean {
  if (message.length >= 6 && text.includes(message)) return true
  const words = text.split(/[^\p{L}\p{N}_-]+/u)
  return [code, status].some((mark) => mark !== undefined && words.includes(String(mark)))
}
