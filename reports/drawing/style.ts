/** How a report looks: its width, whether it may use colour, and its marks with and without Unicode. */
import picocolors from 'picocolors'

/** How a text for a terminal looks. */
export interface StyleOptions {
  /** Columns that a line may take. Commands to paste are never broken, whatever their length. */
  readonly width: number
  readonly color: boolean
  /** Whether marks beyond ASCII may be used. */
  readonly unicode: boolean
}

export type Colors = ReturnType<typeof picocolors.createColors>

export interface Marks {
  readonly good: string
  readonly bad: string
  readonly unsure: string
  readonly untested: string
  readonly fault: string
  readonly call: string
  readonly answer: string
  readonly effect: string
  readonly milestone: string
  /** Of a matrix: what was to be, what else was, and what was not. */
  readonly hit: string
  readonly side: string
  readonly miss: string
  readonly ellipsis: string
  readonly separator: string
  /** Of drawings: the curve, the band around it, a corner that it should pass, and the axes. */
  readonly curve: string
  readonly band: string
  readonly corner: string
  readonly axis: string
  readonly axisFoot: string
  /** The code point of the empty braille cell, where curves may be drawn in its dots. */
  readonly dots: number | null
}

const unicodeMarks: Marks = {
  good: '✔',
  bad: '✖',
  unsure: '?',
  untested: '–',
  fault: '⚡',
  call: '→',
  answer: '←',
  effect: '●',
  milestone: '■',
  hit: '●',
  side: '○',
  miss: '·',
  ellipsis: '…',
  separator: ' · ',
  curve: '•',
  band: '·',
  corner: '◆',
  axis: '│',
  axisFoot: '─',
  dots: 0x2800,
}

const asciiMarks: Marks = {
  good: '+',
  bad: 'x',
  unsure: '?',
  untested: '-',
  fault: '!',
  call: '->',
  answer: '<-',
  effect: '*',
  milestone: '#',
  hit: '#',
  side: 'o',
  miss: '.',
  ellipsis: '...',
  separator: ', ',
  curve: '*',
  band: '.',
  corner: 'X',
  axis: '|',
  axisFoot: '-',
  dots: null,
}

export interface Style {
  readonly width: number
  readonly colors: Colors
  readonly marks: Marks
}

export function styleOf({ width, color, unicode }: StyleOptions): Style {
  return { width, colors: picocolors.createColors(color), marks: unicode ? unicodeMarks : asciiMarks }
}
