/**
 * Asking the model. An answer is acted on only when it is all there: one that was cut off can look like a whole one, and
 * half of a tool call is not a smaller tool call.
 */
import type Anthropic from '@anthropic-ai/sdk'
import type { Attributes, Span } from '@opentelemetry/api'
import type { Dependency, Watch } from './dependency.js'
import { Failure } from './failure.js'
import type { Policy } from './policy.js'
import type { WithSpan } from './telemetry.js'

export interface Question {
  readonly model: string
  readonly max_tokens: number
  readonly system?: string
  readonly messages: Anthropic.MessageParam[]
  readonly tools: Anthropic.Tool[]
}

export interface ModelOptions {
  readonly client: Anthropic
  readonly endpoint: Dependency
  readonly policy: Policy
  readonly withSpan: WithSpan
  readonly signal: AbortSignal
  readonly watch: Watch | undefined
}

export class Model {
  readonly #options: ModelOptions

  constructor(options: ModelOptions) {
    this.#options = options
  }

  /** Resolves to a whole answer, after retries of what may pass. A question has no side effects and may be repeated. */
  ask(question: Question): Promise<Anthropic.Message> {
    const { endpoint, withSpan, signal: stop, watch } = this.#options
    const attempt = (signal: AbortSignal) => this.#attempt(question, AbortSignal.any([signal, stop]))
    // One span for the question, however many requests it takes.
    const answer = async (span: Span) => {
      const message = await endpoint.call(attempt, watch)
      span.setAttributes(answerFacts(message))
      return message
    }
    return withSpan('chat', question.model, answer, { 'gen_ai.provider.name': 'anthropic' })
  }

  async #attempt(question: Question, signal: AbortSignal): Promise<Anthropic.Message> {
    const message = await this.#send(question, signal)
    if (!this.#options.policy.isWhole(message)) throw incomplete(message)
    return message
  }

  #send(question: Question, signal: AbortSignal): Promise<Anthropic.Message> {
    // The client's own retries are off: they know nothing of answers that break off, and would multiply with ours.
    const { client, policy } = this.#options
    const options = { signal, timeout: policy.answerBeginsMsMax, maxRetries: 0 }
    return policy.streams
      ? client.messages.stream(question, options).finalMessage()
      : client.messages.create(question, options)
  }
}

function answerFacts({ model, stop_reason, usage }: Anthropic.Message): Attributes {
  return {
    'gen_ai.response.model': model,
    'gen_ai.response.finish_reasons': [stop_reason ?? 'none'],
    'gen_ai.usage.input_tokens': usage.input_tokens,
    'gen_ai.usage.output_tokens': usage.output_tokens,
  }
}

/** What was cut off on its way is asked for again; what ran into its own limit would run into it again. */
function incomplete({ stop_reason }: Anthropic.Message): Failure {
  const kind = stop_reason === null ? 'transient' : 'definite'
  return new Failure('INCOMPLETE', `the answer is not all there (${stop_reason ?? 'it just ends'})`, kind)
}
