/** Counts the tokens of a request, to the very number that the answer to it says. Requests are refused as those are. */
import { shortDigest } from '../../contracts/digest.js'
import type { Utility, WireAnswer, WireRequest } from '../../contracts/provider.js'
import { GrowingBodies } from '../growing-bodies.js'
import { Refused } from '../refused.js'
import { errorAnswer, failureAnswer, type RequestError } from './error.js'
import { inputTokensOf } from './messages-request.js'
import { Pairing } from './pairing.js'
import { parseRequest } from './request.js'
import { checkThoughts } from './thinking.js'
import { Threads } from './threads.js'

export const countTokens: Utility = {
  routes: [
    { method: 'POST', path: '/v1/messages/count_tokens', at: 'anywhere' },
    { method: 'POST', path: '/messages/count_tokens', at: 'own' },
  ],
  answer,
  fail: (code, details) => failureAnswer(code, requestIdOf(code), details),
}

function answer(request: WireRequest): WireAnswer {
  const requestId = requestIdOf(request.body)
  try {
    const nothing = { threads: new Threads([]), bodies: new GrowingBodies('messages') }
    const parsed = parseRequest(request, nothing, 'count')
    checkThoughts(parsed.sent, parsed.thinking)
    new Pairing().check(parsed.conversation.messages)
    const headers = { 'content-type': 'application/json', 'request-id': requestId }
    return { status: 200, headers, chunks: [JSON.stringify({ input_tokens: inputTokensOf(parsed) })] }
  } catch (thrown) {
    const error = Refused.in<RequestError>(thrown)
    if (!error) throw thrown
    return errorAnswer(error, requestId)
  }
}

/** By what was asked, for nothing is remembered. */
function requestIdOf(asked: string): string {
  return `req_01${shortDigest(asked).padStart(22, '0')}`
}
