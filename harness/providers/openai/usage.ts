/** Tokens as both APIs tell of them. Apart, because what is counted is one and only the names differ. */
import type { Usage } from '../../contracts/conversation.js'

/** The total, and how much of it the cache and thinking are. */
export interface Tokens {
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly reasoning: number
  readonly total: number
}

export function tokensOf({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage): Tokens {
  return {
    input: inputTokens,
    cached: cachedInputTokens ?? 0,
    output: outputTokens,
    reasoning: reasoningTokens ?? 0,
    total: inputTokens + outputTokens,
  }
}
