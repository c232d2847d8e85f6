/**
 * The texts that stand in a call's input as whole values, whatever boundary it crosses: fields of records, items of lists,
 * parts of an address, a path, a content. Apart, because each boundary writes its input in its own way.
 */
import { inputFormOf } from '../../contracts/boundary.js'
import type { EventOf } from '../../contracts/trace.js'

export function fieldsOf({ site, input }: EventOf<'call'>): string[] {
  switch (inputFormOf(site)) {
    case 'request':
      return requestFields(input)
    case 'write':
      return [site.target, ...site.target.split('/'), contentOf(input)]
    case 'value':
      return textsIn(parsed(input))
  }
}

/** Whether what the model asked for holds the text as a whole value; `input` is JSON. */
export function holdsField(input: string, text: string): boolean {
  return textsIn(parsed(input)).includes(text)
}

function requestFields(input: string): string[] {
  const request = parsed(input)
  if (typeof request !== 'object' || request === null) return textsIn(request)
  const { path, ...rest } = request as Readonly<Record<string, unknown>>
  return [...addressParts(String(path ?? '')), ...textsIn(rest)]
}

/** The segments of the path and the values of the query, as they were before they were encoded. */
function addressParts(address: string): string[] {
  try {
    const { pathname, searchParams } = new URL(address, 'http://host')
    return [...pathname.split('/').map(decodeURIComponent), ...searchParams.values()]
  } catch {
    return [address]
  }
}

/** What a write brings into a file, behind the words that say how. */
function contentOf(input: string): string {
  return /^[^:]*\d+ bytes: ([\s\S]*)$/.exec(input)?.[1] ?? ''
}

/** What is no JSON is one text. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input)
  } catch {
    return input
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
