/**
 * How a crossing failed, in kinds that no vendor's words are needed to tell apart. Of a model's answer that broke off, it
 * says what had arrived.
 */
import type { FileErrorCode, ModelFailureCode } from '../../faults/action.js'
import type { ToolUse } from './conversation.js'

/** Why an API finds fault with a request itself. The first stands for whatever has no name of its own. */
export const refusalReasons = [
  'malformed',
  'unauthenticated',
  'unknown-model',
  'not-json',
  'missing-field',
  'empty-content',
  'first-message-not-of-user',
  'last-message-not-of-user',
  'unanswered-tool-call',
  'unknown-tool-result',
  'repeated-tool-result',
  'repeated-tool-call',
  'misplaced-block',
  'repeated-tool-name',
  'unknown-thread',
  'thread-continued-already',
  'thread-changed',
  'unknown-item',
  'repeated-item',
  'unverified-reasoning',
  'incomplete-reasoning',
  'too-long',
] as const
/** Why an API finds fault with a request itself. */
export type RefusalReason = (typeof refusalReasons)[number]

/** How a crossing failed, in kinds that no vendor's words are needed to tell apart. */
export type Failure =
  /** The simulated API refused the request: the agent's own mistake, and no fault of ours. */
  | { readonly kind: 'refusal'; readonly reason: RefusalReason }
  /** An error in place of an answer; without a code where it is the callee's own. */
  | { readonly kind: 'error'; readonly code?: ModelFailureCode | FileErrorCode | 'exception' }
  /** No answer at all. */
  | { readonly kind: 'lost'; readonly how: 'silence' | 'reset' | 'refused' | 'unresolved' }
  /** The caller stopped waiting before it had the answer. */
  | { readonly kind: 'given-up' }
  | Cut

/** The answer broke off after `at` of its `of` characters. */
export interface Cut {
  readonly kind: 'cut'
  /** `error`: an event in the stream said so, with a code. */
  readonly how: 'reset' | 'clean-end' | 'stall' | 'error'
  readonly code?: ModelFailureCode
  /** After how many of its characters, of how many. */
  readonly at: number
  readonly of: number
  /** Of a model's answer. */
  readonly arrived?: Arrived
}

/** What a client can know of an answer that broke off. */
export interface Arrived {
  readonly text: string
  /** Those that had come whole. */
  readonly toolCalls: readonly ToolUse[]
  /** The one that was under way, with so much of its input as had come: the text, which is no JSON yet. */
  readonly partial?: Omit<ToolUse, 'input'> & { readonly input: string }
}
