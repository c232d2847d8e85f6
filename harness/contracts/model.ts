/** The contract of a simulated model: an answer from the conversation alone, with chance that it is given. */
import type { Conversation, Reply } from './conversation.js'

/** What a simulated model may use beside the conversation. */
export interface ModelContext {
  /** Draws from [0, 1), seeded by the trial and `label`: the same label gives the same number in the same trial. */
  random(label: string): number
  /** Whether a fault has taken effect in the trial so far: a conversation may then go another way than in a trial without. */
  readonly faultLanded?: boolean
}

/** A simulated model: it answers from the conversation alone. `script` and `policy` make one. */
export interface Model {
  /** Pure. It is asked again for a retried request, and must then answer the same. */
  reply(conversation: Conversation, context: ModelContext): Reply
  /** Whether it has tools to call: then an agent that never asks it has left out what it is for. Not said: it may. */
  readonly callsTools?: boolean
  /** Ids under which the vendor kept conversations when they were recorded, in the order in which they were made. */
  readonly conversations?: readonly string[]
}
