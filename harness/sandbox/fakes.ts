/**
 * Whether time of this process is the trial's, once one is entered. A test runner's fake timers keep it for themselves: what the
 * agent waits for then never comes, and the trial would be judged by that.
 */
import { UserError } from '../contracts/errors.js'
import { stubsInstalled } from './ambient.js'
import { VirtualClock } from './clock.js'
import { type Ambient, shared } from './shared.js'

/** Throws a `UserError` where something else stands for timers or dates. To be called between trials. */
export function refuseFakeTimers(): void {
  const faked = stubsInstalled() ? fakedIn(new VirtualClock()) : markedNow()
  if (faked.length === 0) return
  throw new UserError(
    `fake timers are on: ${faked.join(', ')} would not be the trial's, which has a virtual time of its own. Call ` +
      'vi.useRealTimers(), jest.useRealTimers() or mock.timers.reset() before it. Where fake timers were on when the first ' +
      'trial ran, load agent-chaos/register as a set-up file',
  )
}

/** Before the first trial nothing can be tried out. Fakes that runners make are known by marks of their own: Sinon's, and Node's. */
function markedNow(): string[] {
  const isMarked = (value: object & { readonly name?: string }) =>
    Object.hasOwn(value, 'clock') || Object.hasOwn(value, 'isMock') || value.name === 'bound #createTimer'
  return Object.entries({ setTimeout, setInterval, Date }).flatMap(([name, value]) => (isMarked(value) ? [name] : []))
}

/** Tried out, for whatever stands there may pass on what it is asked, and then all is well. */
function fakedIn(clock: VirtualClock): string[] {
  const before = shared.ambient
  shared.ambient = { clock } as Ambient
  try {
    const timer = globalThis.setTimeout(() => {}, 1_000)
    const isTimed = clock.nextAt() !== undefined
    globalThis.clearTimeout(timer)
    const interval = globalThis.setInterval(() => {}, 1_000)
    const isRepeated = clock.nextAt() !== undefined
    globalThis.clearInterval(interval)
    const isDated = globalThis.Date.now() === clock.wallNow()
    return [...(isTimed ? [] : ['setTimeout']), ...(isRepeated ? [] : ['setInterval']), ...(isDated ? [] : ['Date'])]
  } finally {
    shared.ambient = before
  }
}
