/** Where the API of conversations is reached. Apart from what it does, because a session answers it in a trial. */
import type { Utility, WireAnswer } from '../../../contracts/provider.js'
import { failureAnswer } from '../error.js'
import { requestIdOf } from '../ids.js'
import { openSession } from './session.js'

const paths = [
  ['POST', '/conversations'],
  ['GET', '/conversations/*'],
  ['POST', '/conversations/*'],
  ['DELETE', '/conversations/*'],
  ['GET', '/conversations/*/items'],
  ['POST', '/conversations/*/items'],
  ['GET', '/conversations/*/items/*'],
  ['DELETE', '/conversations/*/items/*'],
] as const

export const conversations: Utility = {
  // Chats of other services are conversations too.
  routes: paths.flatMap(([method, path]) =>
    ['/v1', ''].map((base) => ({ method, path: base + path, at: 'own' }) as const),
  ),
  shares: 'responses',
  answer: (request) => openSession().serve?.(request, []) as WireAnswer,
  fail: (code, details) => failureAnswer(code, requestIdOf(0), details),
}
