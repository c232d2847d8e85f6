/**
 * The texts that stand in what was asked as whole values, whatever boundary it crosses. They are fields of records,
 * items of lists, parts of an address, a path, a content. Apart, because each boundary is asked in its own way.
 */
import type { Json } from '../../../faults/json.js'
import type { EventOf } from '../../contracts/trace.js'

export function fieldsOf({ request, site }: EventOf<'call'>): string[] {
  switch (request.kind) {
    case 'http':
      return [...addressParts(request.url), request.method, ...textsIn(request.headers), ...textsIn(request.body)]
    case 'file':
      return [site.target, ...site.target.split('/'), request.content?.text ?? '']
    case 'effect':
      return [request.effect.kind, request.effect.id, ...textsIn(request.key), ...textsIn(request.payload)]
    case 'call':
      return textsIn(request.arguments)
    case 'model':
      return textsIn(request.messages as unknown as Json)
  }
}

/** Whether what the model asked for holds the text as a whole value. */
export function holdsField(input: Json, text: string): boolean {
  return textsIn(input).includes(text)
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

function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
