/**
 * The one layer of retries of the agents on OpenAI's SDK, whose own are off: told to wait for too long, or in nonsense, the
 * SDK does not wait at all, and what breaks off under way it does not try again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI from 'openai'

export const triesMax = 4
/** Whoever is to stay away for longer gives up, and does not come back early. */
const patienceMs = 60_000

/** What is wrong for good. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export async function patiently<T>(work: () => Promise<T>, stop: AbortSignal): Promise<T> {
  for (let tried = 1; ; tried++) {
    stop.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      const advised = advisedMs(error)
      if (!mayPass(error) || advised > patienceMs || tried === triesMax) throw error
      await sleep(Math.max(advised, 500 * 2 ** tried * (0.5 + Math.random() / 2)), undefined, { signal: stop })
    }
  }
}

/** What has no status broke off or never arrived: asking again does no harm, and what is done goes under a key. */
export function mayPass(error: unknown): boolean {
  if (error instanceof Refused) return false
  const { status = 500, code } = error as { readonly status?: number; readonly code?: unknown }
  // No money comes from waiting.
  return code !== 'insufficient_quota' && (status >= 500 || [408, 409, 425, 429].includes(status))
}

/** 0 for none, for nonsense, and for more than a clock can wait. */
function advisedMs(error: unknown): number {
  const headers = error instanceof OpenAI.APIError ? error.headers : undefined
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  const ms = Math.max(exact || 0, msUntil(headers?.get('retry-after')) || 0)
  return ms > 0 && ms < 2 ** 31 ? ms : 0
}

/** Seconds or a date, as HTTP has it; NaN for neither. */
function msUntil(advice: string | null | undefined): number {
  const seconds = Number(advice ?? Number.NaN)
  return Number.isNaN(seconds) ? Date.parse(advice ?? '') - Date.now() : seconds * 1_000
}
