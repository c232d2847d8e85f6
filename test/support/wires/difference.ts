/** What a fault has made of an answer on its wire, in one line: what is essentials apart is what really passed. */
import type { Delivery } from '../../../harness/contracts/transport.js'

type Answer = Extract<Delivery, { kind: 'answer' }>

const lost: Readonly<Record<Extract<Delivery, { kind: 'no-answer' }>['how'], string>> = {
  silence: 'no answer ever comes',
  reset: 'the connection is reset before anything comes',
  refused: 'the connection is refused',
  unresolved: 'the host name is not found',
}
const longest = 220
const bodyEnds = { reset: 'the connection is reset', stall: 'nothing more comes', close: 'the body ends' } as const

/** `before` is the same answer in a trial without faults. */
export function differenceOf(before: Delivery, after: Delivery): string {
  if (after.kind === 'no-answer') return lost[after.how]
  if (before.kind === 'no-answer') throw new Error('a trial without faults has every answer')
  if (after.status !== 200) return errorText(after)
  const [had, has] = [textOf(before), textOf(after)]
  if (after.end !== 'close' || (had.startsWith(has) && has.length < had.length)) {
    return `${bodyEnds[after.end]} after ${has.length} of ${had.length} characters`
  }
  const changes = changesIn(valuesIn(had), valuesIn(has))
  if (changes.length > 0) return changes.map((change) => code(change)).join(', ')
  const waited = msOf(after) - msOf(before)
  return waited > 0 ? `the same, ${waited} ms later` : 'the same'
}

function errorText({ status, headers, chunks }: Answer): string {
  const advice = ['retry-after', 'retry-after-ms'].flatMap((name) =>
    headers[name] ? [code(`${name}: ${headers[name]}`)] : [],
  )
  return [
    String(status),
    ...advice,
    code(
      chunks
        .map(({ text }) => text)
        .join('')
        .replace(/\s+/g, ' '),
    ),
  ].join(' ')
}

function textOf({ chunks }: Answer): string {
  return chunks.map(({ text }) => text).join('')
}

function msOf({ chunks }: Answer): number {
  return chunks.reduce((sum, { afterMs }) => sum + afterMs, 0)
}

function code(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return `\`${short.replaceAll('`', "'")}\``
}

/** The JSON of a body: of a stream one value for each event. */
function valuesIn(text: string): unknown[] {
  const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data.trim())
  return (events.length > 0 ? events : [text]).map((data) => {
    try {
      return JSON.parse(data)
    } catch {
      return data
    }
  })
}

/** Leaves that are new or have another value, in each value against the most alike of those before; then what is no more there. */
function changesIn(before: readonly unknown[], after: readonly unknown[]): string[] {
  const known = new Set(before.map((value) => JSON.stringify(essentials(value))))
  const changed = after.map(essentials).filter((value) => !known.has(JSON.stringify(value)))
  const changes = changed.flatMap((value) => {
    const ofKind = (tell: (value: unknown) => string) =>
      before.map(essentials).filter((other) => tell(other) === tell(value))
    const alike = ofKind(kindOf)
    const [least] = (alike.length > 0 ? alike : ofKind(fieldsOf))
      .map((other) => leafChanges(other, value))
      .sort((one, two) => one.length - two.length)
    return least ?? [JSON.stringify(value)]
  })
  const gone = before.length - after.length
  return [...new Set(changes), ...(gone > 0 ? [`${gone} ${gone === 1 ? 'event' : 'events'} fewer`] : [])]
}

/** By what a client tells events apart. */
function kindOf(value: unknown): string {
  return `${fieldsOf(value)} ${(value as { readonly type?: unknown } | null)?.type ?? ''}`
}

function fieldsOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.keys(value).join(' ') : typeof value
}

function leafChanges(before: unknown, after: unknown): string[] {
  const [had, has] = [leavesOf(before), leavesOf(after)]
  const changed = [...has].filter(([path, value]) => had.get(path) !== value)
  const gone = [...had.keys()].filter((path) => !has.has(path))
  return [...changed.map(([path, value]) => `${path}: ${value}`), ...topmost(gone).map((path) => `no ${path}`)]
}

function topmost(paths: readonly string[]): string[] {
  return paths.length > 3 ? [`${paths[0]} and ${paths.length - 1} more`] : [...paths]
}

function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]])
  const entries = Object.entries(value)
  if (entries.length === 0) return new Map([[path, JSON.stringify(value)]])
  const nested = Array.isArray(value)
  return new Map(
    entries.flatMap(([name, inner]) => [
      ...leavesOf(inner, nested ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`),
    ]),
  )
}

/** Without counts of tokens, which follow from the rest, and numbers of events. */
function essentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essentials)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !/^usage|sequence_number|^signature$|thoughtSignature/i.test(name))
      .map(([name, inner]) => [name, essentials(inner)]),
  )
}
