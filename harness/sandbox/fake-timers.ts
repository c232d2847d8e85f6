/** Fake timers of a test runner, which a trial cannot live beside. Apart, because they are known only by marks of their own. */
import { UserError } from '../contracts/errors.js'
import { processWide } from './process-wide.js'

/** Sinon's, which Vitest and Jest have too, leave their clock on what they replace; those of `node:test` have a name. */
function isFake(value: object & { readonly name?: string }): boolean {
  return Object.hasOwn(value, 'clock') || Object.hasOwn(value, 'isMock') || value.name === 'bound #createTimer'
}

/** Throws a `UserError` where timers or `Date` are fake right now, or were when agent-chaos was first loaded. */
export function refuseFakeTimers(): void {
  const { real } = processWide
  if ([real.setTimeout, real.setInterval, real.Date].some(isFake)) {
    throw new UserError(
      'agent-chaos was first loaded beside fake timers, and takes them for real ones in this process: expected an import ' +
        'before they come, as at the top of the file or in a set-up file ("agent-chaos/register")',
    )
  }
  if (![setTimeout, setInterval, Date].some(isFake)) return
  throw new UserError(
    'fake timers are on in this process (vi.useFakeTimers(), mock.timers.enable(), ...), and a trial has virtual time of ' +
      'its own: expected real timers; take the fake ones back before the trial, as by vi.useRealTimers() or mock.timers.reset()',
  )
}
