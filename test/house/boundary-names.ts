/**
 * Finds where code asks for a boundary by its name, in place of a property that the table of boundaries gives it. It goes by
 * the text, which the formatter keeps in one form.
 */
import { boundaries } from '../../faults/boundaries.js'

const name = `(?<name>${boundaries.join('|')})`
const quoted = `['"\`]${name}['"\`]`

/** What else bears such a name: an event of the trace is of a kind, a message has a role. */
const otherSubject = /\b(kind|role)$/

/** Each with what is compared with the name as `subject`, where that can be told. */
const questions = [
  new RegExp(`(?<subject>[\\w.?]+)\\s*[!=]==?\\s*${quoted}`, 'g'),
  new RegExp(`${quoted}\\s*[!=]==?\\s*(?<subject>[\\w.?]+)`, 'g'),
  // ['model', 'tool'].includes(boundary)
  new RegExp(`\\[[^\\][]*${quoted}[^\\][]*\\]\\.(?:includes|indexOf)\\((?<subject>[\\w.?]+)`, 'g'),
  // boundaries.includes('model')
  new RegExp(`\\.(?:includes|indexOf|has)\\(${quoted}`, 'g'),
  // A record by boundary is a column that the table lacks.
  new RegExp(`\\{\\s*${name}: [^{}]*?,\\s*(?:${boundaries.join('|')}): `, 'g'),
]

export interface NameAsked {
  readonly line: number
  readonly name: string
  readonly code: string
}

export function boundaryNamesAsked(source: string): NameAsked[] {
  const lines = source.split('\n')
  const found = questions.flatMap((question) =>
    [...source.matchAll(question)]
      .filter(({ groups }) => !otherSubject.test(groups?.subject ?? ''))
      .map(({ index, groups }) => ({ line: source.slice(0, index).split('\n').length, name: groups?.name ?? '' })),
  )
  return [...found, ...casesIn(lines)].map((each) => ({ ...each, code: lines[each.line - 1]?.trim() ?? '' }))
}

/** What a case is compared with stands in the nearest line above it that is indented less. */
function casesIn(lines: readonly string[]): Omit<NameAsked, 'code'>[] {
  const aCase = new RegExp(`^(?<indent> *)case ${quoted}:`)
  return lines.flatMap((text, index) => {
    const { indent, name = '' } = aCase.exec(text)?.groups ?? {}
    if (indent === undefined) return []
    const outer = lines.slice(0, index).findLast((line) => line.trim() !== '' && !line.startsWith(indent))
    const subject = /switch \(([\w.?]+)\)/.exec(outer ?? '')?.[1] ?? ''
    return otherSubject.test(subject) ? [] : [{ line: index + 1, name }]
  })
}
