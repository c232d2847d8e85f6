/**
 * A client that tries again by itself, as many do unless they are told not to: a layer of retries that nobody above it
 * knows of. Apart, because it is right by itself and two planted bugs put it where it does harm.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { kindOf } from '../agent/failure.js'

const attemptsMax = 3
const pauseMs = 1_000

/** `send`, tried up to three times, where an error may pass. */
export function retrying<Request, Result>(send: (request: Request) => Promise<Result>) {
  return async (request: Request): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(request)
      } catch (error) {
        if (attempt === attemptsMax || kindOf(error) === 'definite') throw error
        await sleep(attempt * pauseMs)
      }
    }
  }
}
