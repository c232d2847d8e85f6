/**
 * How a model puts the input of a failed call in other words, and how an input is recognised all the same. The meaning
 * stays: only free text is touched, never an id, an amount, a name or a short string.
 */
import type { Json } from '../../faults/json.js'

const freeTextLengthMin = 21

const phrasings: readonly ((text: string) => string)[] = [
  (text) => `Please note: ${text}`,
  (text) => `${text} Thank you.`,
  (text) => `To be clear: ${text}`,
]

/** The input in other words, the `attempt`-th time; the very same value where it holds no free text. */
export function reword(input: Json, attempt: number): Json {
  const phrase = phrasings[attempt % phrasings.length]
  return phrase ? rephrase(input, phrase) : input
}

/** Whether `actual` is `expected`, perhaps in other words; fields that an agent added to an object do not matter. */
export function isInput(expected: Json, actual: Json): boolean {
  if (typeof expected === 'string') {
    return actual === expected || (isFreeText(expected) && phrasings.some((phrase) => actual === phrase(expected)))
  }
  if (typeof expected !== 'object' || expected === null) return expected === actual
  if (typeof actual !== 'object' || actual === null) return false
  if (isList(expected) || isList(actual)) {
    return (
      isList(expected) &&
      isList(actual) &&
      expected.length === actual.length &&
      expected.every((item, index) => isInput(item, actual[index] ?? null))
    )
  }
  return Object.entries(expected).every(([key, value]) => {
    const other = actual[key]
    return other !== undefined && isInput(value, other)
  })
}

function rephrase(value: Json, phrase: (text: string) => string): Json {
  if (typeof value === 'string') return isFreeText(value) ? phrase(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item) => rephrase(item, phrase))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rephrase(item, phrase)]))
}

/** Several words, and longer than most names: not a UUID, a URL, a date or a key. */
function isFreeText(text: string): boolean {
  return text.length >= freeTextLengthMin && /\S\s+\S+\s+\S/.test(text)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
