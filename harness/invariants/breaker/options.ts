/** The options that the invariants about circuit breakers share, as `options.ts` checks them. */
import { type Anything, isRecord } from '../../contracts/checks.js'
import { say } from '../../contracts/errors.js'
import {
  atLeast,
  functionOf,
  listOf,
  mandatory,
  oneOf,
  type Rules,
  recordOf,
  text,
  texts,
  truth,
  wholeAtLeast,
} from '../reading/options.js'

const consecutive: Rules = {
  kind: text,
  failures: mandatory(wholeAtLeast(1), 'a whole number of at least 1'),
}

const rate: Rules = {
  kind: text,
  threshold: mandatory(atLeast(0), 'a share of calls'),
  comparison: mandatory(oneOf('gte', 'gt'), '"gte" or "gt"'),
  minimumCalls: mandatory(atLeast(0), 'a number of at least 0'),
  windowMs: atLeast(0),
  bucketMs: atLeast(0),
  staleBuckets: truth,
  windowCalls: atLeast(1),
  countsFromStart: truth,
  slow: recordOf({ afterMs: mandatory(atLeast(0), 'a number'), threshold: mandatory(atLeast(0), 'a share of calls') }),
}

const tripTest: Rules[string] = (checks, option, value) => {
  const kinds = '{ kind: "consecutive", ... } or { kind: "rate", ... }'
  if (!isRecord(value)) checks.refuse(`${option}: expected ${kinds}, got ${say(value)}`)
  const { kind } = value as Anything
  checks.expect(kind === 'consecutive' || kind === 'rate', `${option}.kind`, '"consecutive" or "rate"', kind)
  recordOf(kind === 'rate' ? rate : consecutive)(checks, option, value)
}

/** One list may be given to all of these invariants, so each takes what only another uses. */
const breaker: Rules = {
  site: mandatory(text, 'a site, as in "tool:search"'),
  exempt: texts,
  fallback: texts,
  trips: tripTest,
  resetAfterMs: mandatory(atLeast(0), 'a number of at least 0'),
  probes: wholeAtLeast(1),
  probesDecide: oneOf('each', 'together'),
  timeoutMs: atLeast(0),
  counts: functionOf('a failure'),
  uncountedAre: oneOf('success', 'neutral'),
}

export const breakers = listOf((checks, option, value) => {
  checks.expect(value !== undefined, option, 'a breaker, as { site, ...breakerProfiles.opossum() }', value)
  recordOf(breaker)(checks, option, value)
})
