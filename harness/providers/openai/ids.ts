/** Ids and times that one trial's endpoint gives: they follow from a number, so that they never vary. */

/** `length` letters and digits after the prefix, as the vendor's ids have them. */
export function numberedId(prefix: string, number: number, length: number): string {
  return prefix + number.toString(36).padStart(length, '0')
}

/** Seconds since 1970 when answer `number` was made: an endpoint has no clock, and the agent's own may be set anywhere. */
export function secondOf(number: number): number {
  return firstSecond + number
}

const firstSecond = 1_767_225_600 // 2026-01-01

export function requestIdOf(number: number): string {
  return numberedId('req_', number, 32)
}
