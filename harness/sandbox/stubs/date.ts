/** `Date` and the other readings of time: wall clock, `performance`, `process.hrtime` and `process.uptime`. */
import { epochMs } from '../clock.js'
import { shared } from '../shared.js'
import type { Patches } from './patches.js'

/** Readings are the trial's while one is entered, the real ones otherwise. */
export function stubDate(patches: Patches): void {
  const { Date: RealDate } = shared.real
  stubConstructor(patches, RealDate)
  const prototype: object = Object.getPrototypeOf(performance)
  patches.replace(
    prototype,
    'now',
    (original) =>
      function now(this: unknown) {
        return shared.ambient ? shared.ambient.clock.observe().now() : original.call(this)
      },
  )
  const timeOrigin = Object.getOwnPropertyDescriptor(prototype, 'timeOrigin')?.get
  if (timeOrigin) {
    patches.define(prototype, 'timeOrigin', {
      get(this: unknown) {
        return shared.ambient ? epochMs : timeOrigin.call(this)
      },
    })
  }
  stubFormats(patches)
  stubProcessClocks(patches)
}

/** A format that is given no date takes the present one, by a clock of its own. */
function stubFormats(patches: Patches): void {
  const { prototype } = Intl.DateTimeFormat
  const orNow = (date: unknown) => (date === undefined ? shared.ambient?.clock.observe().wallNow() : date)
  const format = Object.getOwnPropertyDescriptor(prototype, 'format')?.get
  if (format) {
    patches.define(prototype, 'format', {
      get(this: Intl.DateTimeFormat) {
        const bound = format.call(this) as (date: unknown) => string
        return (date: unknown) => bound(orNow(date))
      },
    })
  }
  patches.replace(
    prototype,
    'formatToParts',
    (original) =>
      function formatToParts(this: unknown, date) {
        return original.call(this, orNow(date))
      },
  )
}

/** Callable with and without `new`, and open to subclasses. The prototype stays, so that `instanceof` holds across. */
function stubConstructor(patches: Patches, RealDate: DateConstructor): void {
  patches.replace(globalThis, 'Date', () => {
    function VirtualDate(...args: unknown[]): unknown {
      const now = shared.ambient?.clock.observe().wallNow()
      if (!new.target) return new RealDate(now ?? shared.real.now()).toString()
      const given = args.length === 0 && now !== undefined ? [now] : args
      return Reflect.construct(RealDate, given, new.target === (VirtualDate as unknown) ? RealDate : new.target)
    }
    VirtualDate.prototype = RealDate.prototype
    patches.define(RealDate.prototype, 'constructor', { value: VirtualDate })
    return VirtualDate
  })
  patches.define(globalThis.Date, 'now', {
    value: function now() {
      return shared.ambient ? shared.ambient.clock.observe().wallNow() : shared.real.now()
    },
  })
}

function stubProcessClocks(patches: Patches): void {
  patches.replace(
    process,
    'hrtime',
    (original) =>
      function hrtime(this: unknown, ...args) {
        if (!shared.ambient) return original.apply(this, args)
        const nowMs = shared.ambient.clock.observe().now()
        // The real one checks the argument; what it answers is of no use.
        original.apply(this, args)
        const [seconds, nanos] = Array.isArray(args[0]) ? (args[0] as [number, number]) : [0, 0]
        const total = BigInt(nowMs) * 1_000_000n - BigInt(seconds) * 1_000_000_000n - BigInt(nanos)
        const nanosPerSecond = 1_000_000_000n
        const rest = ((total % nanosPerSecond) + nanosPerSecond) % nanosPerSecond
        return [Number((total - rest) / nanosPerSecond), Number(rest)]
      },
  )
  patches.replace(
    process.hrtime,
    'bigint',
    (original) =>
      function bigint(this: unknown) {
        return shared.ambient ? BigInt(shared.ambient.clock.observe().now()) * 1_000_000n : original.call(this)
      },
  )
  patches.replace(
    process,
    'uptime',
    (original) =>
      function uptime(this: unknown) {
        return shared.ambient ? shared.ambient.clock.observe().now() / 1_000 : original.call(this)
      },
  )
}
