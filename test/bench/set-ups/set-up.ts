/** The conversation that each set-up serves, and what it is made of. Each is put up once, the way its documentation has it. */
import Anthropic from '@anthropic-ai/sdk'
import { look, lookUp } from '../scenarios/six-calls.js'

export const origin = 'https://api.anthropic.com'
export const path = '/v1/messages'
export const json = { 'content-type': 'application/json' }

/** With a new client, as a trial has one. Throws unless the model had the last word. */
export async function converse(options: ConstructorParameters<typeof Anthropic>[0] = {}): Promise<void> {
  const { stop_reason } = await lookUp(new Anthropic({ ...options, maxRetries: 0 }), look)
  if (stop_reason !== 'end_turn') throw new Error(`expected the conversation to end by end_turn, got ${stop_reason}`)
}
