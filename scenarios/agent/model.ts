/**
 * Asking the model. An answer is acted on only when it is all there: one that was cut off can look like a whole one, and
 * half of a tool call is not a smaller tool call.
 */
import type Anthropic from '@anthropic-ai/sdk'
import type { Dependency, Watch } from './dependency.js'
import { Failure } from './failure.js'
import type { Policy } from './policy.js'
import type { Telemetry } from './telemetry.js'

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
  readonly telemetry: Telemetry
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
    const { endpoint, signal: stop, watch } = this.#options
    return endpoint.call((signal) => this.#attempt(question, AbortSignal.any([signal, stop])), watch)
  }

  #attempt(question: Question, signal: AbortSignal): Promise<Anthropic.Message> {
    const { policy, telemetry } = this.#options
    return telemetry.chat(question.model, async (span) => {
      const message = await this.#send(question, signal)
      span.setAttributes({
        'gen_ai.response.model': message.model,
        'gen_ai.response.finish_reasons': [message.stop_reason ?? 'none'],
        'gen_ai.usage.input_tokens': message.usage.input_tokens,
        'gen_ai.usage.output_tokens': message.usage.output_tokens,
      })
      if (!policy.isWhole(message)) throw incomplete(message)
      return message
    })
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

/** What was cut off on its way is asked for again; what ran into its own limit would run into it again. */
function incomplete({ stop_reason }: Anthropic.Message): Failure {
  const kind = stop_reason === null ? 'transient' : 'definite'
  return new Failure('INCOMPLETE', `the answer is not all there (${stop_reason ?? 'it just ends'})`, kind)
}
