/** Texts of the command line, each checked where it is given: the rule, what is expected, what came. */
import { didYouMean, UserError } from '../../contracts/errors.js'
import type { Kind } from '../../contracts/options/kind.js'

/** A parser for commander; `given` is the option as it is written, `--seed`. What does not fit is a `UserError`. */
export function parserOf(given: string, kind: Kind<unknown>): (text: string, earlier?: unknown) => unknown {
  const { each } = kind
  if (each) return (text) => text.split(',').map((part) => parseValue(given, each, part.trim(), undefined))
  return (text, earlier) => parseValue(given, kind, text, earlier)
}

function parseValue(given: string, kind: Kind<unknown>, text: string, earlier: unknown): unknown {
  const value = kind.read?.(text, earlier)
  if (value !== undefined) return value
  const meant = kind.words ? `.${didYouMean(text, kind.words)}` : ''
  throw new UserError(`${given} takes ${kind.expected}, not ${JSON.stringify(text)}${meant}`)
}
