/**
 * The bench's trial beside its floor, in one process: the same calls on the SDK with a new client each time, and a `fetch` in memory
 * that parses the request and returns a `Response`.
 */
import Anthropic from '@anthropic-ai/sdk'
import { runTrial } from 'agent-chaos'
import type { Sides } from '../measuring/process.js'
import { answerTo, look, lookingUp, lookUp } from '../scenarios/six-calls.js'

const headers = { 'content-type': 'application/json' }

export const sides: Sides = async (turns = '5') => {
  const count = Number(turns)
  const fetch: typeof globalThis.fetch = async (_url, init) =>
    new Response(answerTo(String(init?.body), count), { status: 200, headers })
  const instant = lookingUp('instant', 0, count)
  const slow = lookingUp('slow', 500, count)
  return {
    floor: () => lookUp(new Anthropic({ fetch }), look),
    trial: () => succeed(instant),
    slow: () => succeed(slow),
  }
}

async function succeed(scenario: ReturnType<typeof lookingUp>): Promise<void> {
  const { trace } = await runTrial(scenario)
  if (trace.claim !== 'success') throw new Error(`${scenario.name}: expected success, got ${trace.claim}`)
}
