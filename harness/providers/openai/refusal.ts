/** What was thrown while a request was read, as the refusal that it is. Apart, because both APIs answer alike. */
import type { ModelQuery, Refusal, WireRequest } from '../../contracts/provider.js'
import { modelNamed, Refused } from '../refused.js'
import { errorAnswer, type RefusalTerms } from './error.js'

/** What is known when a request is refused. */
export interface RefusedWhere {
  readonly api: string
  /** Where it can be read all the same. */
  readonly query: ModelQuery | undefined
  requestId(): string
}

/** Throws what is no refusal again. */
export function refusalOf(thrown: unknown, { body }: WireRequest, { api, query, requestId }: RefusedWhere): Refusal {
  const error = Refused.in<RefusalTerms>(thrown)
  if (!error) throw thrown
  const { status, message, reason } = error
  return {
    kind: 'refusal',
    answer: errorAnswer(error, requestId()),
    api,
    model: query?.conversation.model ?? modelNamed(body),
    status,
    message,
    reason,
    ...(query && { query }),
  }
}
