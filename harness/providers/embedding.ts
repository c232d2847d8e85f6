/**
 * Texts as vectors, so that agents that look things up by likeness run. A real model knows what words mean. Here texts are
 * alike that share words, neighbouring words and parts of words. Equal texts give equal vectors, on every machine.
 */

/** A vector of length 1. Throws a `RangeError` where there are to be no dimensions. */
export function embed(text: string, dimensions: number): number[] {
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new RangeError(`dimensions: expected a whole number of at least 1, got ${dimensions}`)
  }
  const vector = new Array<number>(dimensions).fill(0)
  for (const [feature, weight] of featuresOf(text)) {
    const hash = hashOf(feature)
    const at = hash % dimensions
    vector[at] = (vector[at] ?? 0) + (hash & signBit ? -weight : weight)
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0))
  return vector.map((value) => Math.round((value / length) * precision) / precision)
}

const precision = 1e8
const signBit = 0x80000000

const word = /[\p{L}\p{N}]+/gu
/** Words count most. Parts of words find other forms of them, and neighbours find phrases. */
const weights = { word: 1, pair: 0.5, part: 0.5 } as const
const partLength = 3

function* featuresOf(text: string): Generator<readonly [feature: string, weight: number]> {
  const words = text.normalize('NFKC').toLowerCase().match(word) ?? []
  for (const [index, one] of words.entries()) {
    yield [`word ${one}`, weights.word]
    const next = words[index + 1]
    if (next !== undefined) yield [`pair ${one} ${next}`, weights.pair]
    const characters = [...` ${one} `]
    for (let from = 0; from + partLength <= characters.length; from++) {
      yield [`part ${characters.slice(from, from + partLength).join('')}`, weights.part]
    }
  }
}

/** FNV-1a over UTF-16, 32 bits, mixed once more so that neighbouring texts fall far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
