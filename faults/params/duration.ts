/** Durations as people write them, apart from the notation because both of its directions need them: `30s`, `1.5m`, `500ms`. */

const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
export type DurationUnit = keyof typeof units
export const durationUnits = Object.keys(units) as readonly DurationUnit[]

/** No unit has a fraction with more digits than this that comes to whole milliseconds: an hour is 2^7 · 5^5 · 9 ms. */
const fractionDigitsMax = 7

export function isDurationUnit(word: string): word is DurationUnit {
  return Object.hasOwn(units, word)
}

/** Exact milliseconds of a decimal number of units; `undefined` where they are not whole or too many to count safely. */
export function parseDuration(decimal: string, unit: DurationUnit): number | undefined {
  const [whole = '', zeroPadded = ''] = decimal.split('.')
  const fraction = zeroPadded.replace(/0+$/, '')
  if (fraction.length > fractionDigitsMax) return undefined
  const ms = Number(whole) * units[unit] + (Number(fraction) * units[unit]) / 10 ** fraction.length
  return Number.isSafeInteger(ms) ? ms : undefined
}

/** In the largest unit that divides it, so that the text has one form: 90000 is `90s`, 60000 is `1m`. */
export function encodeDuration(ms: number): string {
  if (ms === 0) return '0s'
  const unit = durationUnits.find((candidate) => ms % units[candidate] === 0) ?? 'ms'
  return `${ms / units[unit]}${unit}`
}
