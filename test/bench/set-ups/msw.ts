/** Mock Service Worker for Node. */
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import type { Sides } from '../measuring/process.js'
import { answerTo } from '../scenarios/six-calls.js'
import { converse, json, origin, path } from './set-up.js'

export const sides: Sides = async () => {
  const answer = http.post(
    `${origin}${path}`,
    async ({ request }) => new HttpResponse(answerTo(await request.text()), { headers: json }),
  )
  setupServer(answer).listen({ onUnhandledRequest: 'error' })
  return { msw: () => converse() }
}
