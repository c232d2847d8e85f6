/**
 * Text as a terminal shows it: free of control characters, measured in columns, cut and wrapped. Apart from the reports
 * because all of them print what scenarios and agents wrote, and none may trust it.
 */
import { hiddenMarks } from '../../harness/contracts/hidden-marks.js'

const escapeCharacter = String.fromCharCode(27)
const colorSequence = new RegExp(`${escapeCharacter}\\[[0-9;:?]*[ -/]*[@-~]`, 'g')
const otherControl = /(?!\n)\p{Cc}/gu
/** One column each, whatever stands beside them: Latin letters, and the signs of our own output. */
const narrowOnes = '[ -~\\u00a1-\\u00ac\\u00ae-\\u02af\\u2010-\\u2027\\u2190-\\u21ff\\u2500-\\u257f\\u2713-\\u2718]*'
const narrow = new RegExp(`^${narrowOnes}$`)
const narrowStart = new RegExp(`^${narrowOnes}`)
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u
const widthless = /^[\p{Mn}\p{Me}\p{Cf}]*$/u

let segmenter: Intl.Segmenter | undefined

/** Made when it is needed: it takes 10 ms, and most texts are narrow. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/**
 * What a runner of CI jobs takes for a command when it stands in a log. That is GitHub's and Azure's wherever they
 * stand, and TeamCity's. GitHub's others count at the beginning of a line, where any word may come to stand.
 */
const commands =
  /::(?=(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)\b)|##(?=\[|vso\[|teamcity\[)/gi

/** The text without what would steer a terminal or a CI job; line breaks stay, tabs become spaces. */
export function clean(text: string): string {
  return text
    .replace(colorSequence, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, ' ')
    .replace(otherControl, '')
    .replace(hiddenMarks, '')
    .replace(commands, ([mark = '']) => `${mark} ${mark}`)
}

/** More of one text helps nobody, and a megabyte of it hides everything else. */
const charactersMost = 5_000
/** A request to a model may be longer, and is read whole to be told in a few words. */
const requestMost = 500_000

/** Every text within a plain value, cleaned; of a very long one the beginning, and how much was left out. */
export function cleanAll<T>(value: T): T {
  return cleanValue(value) as T
}

function cleanValue(value: unknown, most = charactersMost): unknown {
  if (typeof value === 'string') return clean(shorten(value, most))
  if (Array.isArray(value)) return value.map((part) => cleanValue(part, most))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      clean(key),
      cleanValue(part, key === 'input' ? requestMost : charactersMost),
    ]),
  )
}

/** At most `most` characters, never half of one, and how many more there were. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(most - 1))
  const kept = text.slice(0, isHalf ? most - 1 : most)
  return `${kept}… (${text.length - kept.length} more characters)`
}

/** On one line: every run of white space becomes a space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** How many columns of a terminal the text takes. */
export function columnsOf(text: string): number {
  if (narrow.test(text)) return text.length
  let columns = 0
  for (const { segment } of graphemesOf(text)) columns += columnsOfGrapheme(segment)
  return columns
}

function columnsOfGrapheme(grapheme: string): number {
  if (wide.test(grapheme)) return 2
  return widthless.test(grapheme) ? 0 : 1
}

/** At most `width` columns; what was cut off is shown by `ellipsis`. */
export function clip(text: string, width: number, ellipsis: string): string {
  // Nobody sees more of a megabyte than the first line of it, so no more than that is measured.
  const seen = text.slice(0, width * 20)
  const line = oneLine(seen)
  if (seen.length === text.length && columnsOf(line) <= width) return line
  const room = width - ellipsis.length
  return room <= 0 ? ellipsis.slice(0, Math.max(0, width)) : head(line, room).trimEnd() + ellipsis
}

/**
 * The same of several texts. Where they would look alike, the middle of what they have in common is cut out, so that what
 * differs is seen.
 */
export function clipApart(texts: readonly string[], width: number, ellipsis: string): string[] {
  const lines = texts.map((text) => oneLine(text.slice(0, apartMost)))
  const clipped = lines.map((line) => clip(line, width, ellipsis))
  const [first = ''] = lines
  const isAlike = new Set(lines).size > 1 && new Set(clipped).size === 1
  if (!isAlike) return texts.map((text) => clip(text, width, ellipsis))
  const common = lines.reduce((most, line) => Math.min(most, commonLength(first, line)), first.length)
  const kept = Math.floor(width / 3)
  const from = Math.max(kept, common - kept)
  return lines.map((line) => clip(`${head(line, kept)}${ellipsis}${line.slice(from)}`, width, ellipsis))
}

/** Whoever looks for a difference further behind asks a machine. */
const apartMost = 20_000

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  for (let length = 0; length < most; length++) if (one[length] !== other[length]) return length
  return most
}

/** The longest beginning of `text` that fits into `width` columns. */
function head(text: string, width: number): string {
  if (narrow.test(text)) return text.slice(0, width)
  let taken = ''
  let columns = 0
  for (const { segment } of graphemesOf(text)) {
    columns += columnsOfGrapheme(segment)
    if (columns > width) break
    taken += segment
  }
  return taken
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columnsOf(text))) + text
}

/** Lines of at most `width` columns, broken at spaces, and within words that are longer than a line. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(oneLine(paragraph), Math.max(1, width)))
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ').flatMap((whole) => breakWord(whole, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && columnsOf(longer) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

/** In one pass over it, for a word may be as long as a file; and quickly over what is narrow, as most of them are. */
function breakWord(word: string, width: number): string[] {
  const start = word.match(narrowStart)?.[0].length ?? 0
  // What follows may be drawn over the last of it.
  const plain = start === word.length ? start : Math.max(0, start - 1)
  const whole = Math.floor(plain / width) * width
  const pieces = Array.from({ length: whole / width }, (_, index) => word.slice(index * width, (index + 1) * width))
  if (plain === word.length) return whole === word.length && whole > 0 ? pieces : [...pieces, word.slice(whole)]
  let piece = ''
  let columns = 0
  for (const { segment } of graphemesOf(word.slice(whole))) {
    const more = columnsOfGrapheme(segment)
    if (columns + more > width && piece !== '') {
      pieces.push(piece)
      piece = ''
      columns = 0
    }
    piece += segment
    columns += more
  }
  return [...pieces, piece]
}

/** Wrapped with `first` before the first line and as much room before the others. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = columnsOf(first)
  return wrap(text, width - indent).map((line, index) => `${index === 0 ? first : ' '.repeat(indent)}${line}`.trimEnd())
}

/** Parts side by side, as many to a line as fit; none is broken unless it is wider than a line. */
export function flow(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = []
  for (const part of parts.flatMap((whole) => wrap(whole, width))) {
    const line = lines.at(-1)
    const longer = `${line}${separator}${part}`
    if (line === undefined || columnsOf(longer) > width) lines.push(part)
    else lines[lines.length - 1] = longer
  }
  return lines
}
