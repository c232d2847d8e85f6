/**
 * Times as texts hold them, which differ whenever one is asked. Apart, because oracles and recordings tell by it whether two
 * texts are the same.
 */

const day = String.raw`\d{4}-\d\d-\d\d`
const hour = String.raw`\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?`
const zone = String.raw`(?:Z|[+-]\d\d:?\d\d)`
/** Since 1970, from the year 2017 to 2039: most numbers that long are none. */
const milliseconds = String.raw`(?:1[5-9]|2[01])\d{11}`

const times = new RegExp(String.raw`(?<!\d)(?:${day}(?:[T ]${hour}${zone}?)?|${hour}|${milliseconds})(?!\d)`, 'g')

/** With one word for every date, time of day and number of milliseconds since 1970. */
export function withoutTimes(text: string): string {
  return text.replace(times, '<time>')
}
