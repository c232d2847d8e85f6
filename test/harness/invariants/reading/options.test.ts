/** Proves that whatever an invariant is made with wrongly is told with the rule, what came and the line, and never as a bug. */
import { UserError } from 'agent-chaos'
import * as invariants from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

type Make = (...args: unknown[]) => { readonly check: (trace: unknown, state: unknown) => unknown }

const breaker = {
  site: 'tool:search',
  trips: { kind: 'consecutive', failures: 3 },
  resetAfterMs: 1_000,
  counts: () => true,
}
const rate = { kind: 'rate', threshold: 0.5, comparison: 'gt', minimumCalls: 1 }

/** Makers that need options, each with all of them right. */
const needing: Record<string, Record<string, unknown>> = {
  withinBudget: { turns: 1, tokens: 1, usd: 1, seconds: 1, prices: { opus: { input: 1, output: 2 } } },
  compensates: { pairs: { reserve: 'release', book: { kind: 'cancel', via: 'tool:cancel' } } },
  fallsBackWhenBudgetSpent: { primary: 'tool:a', fallback: 'tool:b', target: 0.9, window: 20, recoverAfterMs: 1 },
  breakerTrips: { turns: 1, noProgress: 1, dependencies: [breaker, { ...breaker, trips: rate }] },
  breakerRecovers: { dependencies: [{ ...breaker, fallback: ['tool:other'] }] },
  breakerConforms: { dependencies: [{ ...breaker, exempt: ['tool:other'], timeoutMs: Number.POSITIVE_INFINITY }] },
}
/** Those that can do without. */
const optional: Record<string, Record<string, unknown>> = {
  traceComplete: { spans: () => [] },
  backoffRespected: { minimumMs: 1, honourUpToMs: Number.POSITIVE_INFINITY },
  transientErrorsRetried: { failuresBorne: 0 },
  secretsNotLeaked: { secrets: ['long enough'], allowedIn: ['tool:login'] },
  toolErrorsStructured: { fields: { type: 'a', recoverable: 'b', suggestion: 'c' }, substitutes: ['stale'] },
  retryAmplificationBounded: { requests: 1, sites: ['tool:*'] },
  idempotencyKeysDisciplined: { kinds: ['refund'], lifetimeMs: 1 },
  instructionNotObeyed: { tokens: ['x'], allowedIn: ['tool:search'] },
  makesProgress: { repeats: 1 },
  noEffectAfterStop: { except: ['cleanup'] },
  nothingLeftRunning: { graceMs: 0 },
}
const all = { ...needing, ...optional }
const makerOf = (name: string) => (invariants as unknown as Record<string, Make>)[name] as Make

function refusal(run: () => unknown): UserError {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('accepted')
}

const hostile = [null, -1, Number.NaN, 'x', true, {}, [null], [7], Promise.resolve(1), Symbol('x'), 1n, () => 7]
const trace = () => {
  const builder = new TraceBuilder()
  return builder.fail(builder.call('tool:search')).claim('success').build()
}

describe.each(Object.entries(all))('%s', (name, options) => {
  const make = makerOf(name)

  it('takes what it is documented to take', () => {
    expect(() => make(options)).not.toThrow()
  })

  it.each([null, 7, 'x', [], true])('is not made with %j', (given) => {
    const { message, where } = refusal(() => make(given))
    expect(message).toMatch(new RegExp(`^${name}\\(\\): expected an object of options \\(.*\\), got `))
    expect(where).toMatch(/options\.test\.ts:\d+$/)
  })

  it('names the option that it does not have', () => {
    const [known = ''] = Object.keys(options)
    const { message } = refusal(() => make({ ...options, [`${known}s`]: 1 }))
    expect(message).toBe(`${name}(): it has no option "${known}s". Did you mean "${known}"?`)
  })

  it.each(Object.keys(options))('tells of any %s that is wrong, and is never a raw error', (option) => {
    const reported = hostile.map((value) => {
      try {
        make({ ...options, [option]: value }).check(trace(), undefined)
        return ''
      } catch (error) {
        expect(error).toBeInstanceOf(UserError)
        return (error as UserError).message
      }
    })
    expect(reported.filter((message) => message.startsWith(`${name}(): ${option}`)).length).toBeGreaterThan(4)
  })
})

it.each(Object.keys(needing))('%s() without an argument says what it takes', (name) => {
  const [first = ''] = Object.keys(needing[name] ?? {})
  const { message, where } = refusal(() => makerOf(name)())
  expect(message).toContain(`${name}(): expected an object of options (`)
  expect(message).toContain(first)
  expect(message).toMatch(/, got undefined$/)
  expect(where).toMatch(/options\.test\.ts:\d+$/)
})

it.each(Object.keys(optional))('%s() can be made without an argument', (name) => {
  expect(() => makerOf(name)()).not.toThrow()
})

it.each([
  ['fallsBackWhenBudgetSpent', {}, 'primary: expected a site, as in "tool:draft", got undefined'],
  ['compensates', {}, 'pairs: expected what undoes each kind of effect, as in { reserve: "release" }, got undefined'],
  ['compensates', { pairs: { a: 7 } }, 'pairs["a"]: expected a kind of effect, or { kind, via }, got 7'],
  [
    'breakerRecovers',
    { dependencies: [{}] },
    'dependencies[0].site: expected a site, as in "tool:search", got undefined',
  ],
  [
    'breakerTrips',
    { dependencies: [{ ...breaker, trips: {} }] },
    'dependencies[0].trips.kind: expected "consecutive" or "rate", got undefined',
  ],
  [
    'breakerConforms',
    { dependencies: [{ ...breaker, resetAfterMS: 1 }] },
    'dependencies[0] has no option "resetAfterMS". Did you mean "resetAfterMs"?',
  ],
  [
    'withinBudget',
    { prices: { opus: { input: 1 } } },
    'prices["opus"].output: expected US dollars for a million tokens',
  ],
  ['withinBudget', { turns: '10' }, 'turns: expected a number of at least 0, got "10"'],
  ['makesProgress', { repeats: 1.5 }, 'repeats: expected a whole number of at least 1, got 1.5'],
  ['retryAmplificationBounded', { sites: ['toll:x'] }, '"toll:x" is no site'],
])('%s(%j) is refused with the option, what is expected and what came', (name, options, message) => {
  const error = refusal(() => makerOf(name)(options))
  expect(error.message).toContain(`${name}(): ${message}`)
  expect(error.where).toMatch(/options\.test\.ts:\d+$/)
})

it.each([
  [
    'of each kind',
    {
      trips: { ...rate, threshold: 0, minimumCalls: 0, windowMs: 0, bucketMs: 0, windowCalls: 1 },
      resetAfterMs: 0,
      probes: 1,
      timeoutMs: 0,
    },
  ],
  ['in a row', { trips: { kind: 'consecutive', failures: 1 } }],
  ['that are slow', { trips: { ...rate, slow: { afterMs: 0, threshold: 0 } } }],
])('a breaker may have the least of every number: calls %s', (_, least) => {
  expect(() => makerOf('breakerConforms')({ dependencies: [{ ...breaker, ...least }] })).not.toThrow()
})

describe('functions among the options', () => {
  const odd = () => Promise.resolve(false)

  it('say which failures count, by true or false alone', () => {
    const options = { dependencies: [{ ...breaker, counts: odd }] }
    const reported = invariants.breakerTrips(options as never)
    expect(refusal(() => invariants.judge([reported], trace(), undefined)).message).toBe(
      'invariant "breaker-trips": counts: expected true or false, at once, got a promise',
    )
  })

  it('give secrets at once', () => {
    const reported = invariants.secretsNotLeaked({ secrets: odd as never })
    expect(refusal(() => invariants.judge([reported], trace(), undefined)).message).toContain(
      'an array of strings, at once',
    )
  })
})

describe('profiles of libraries', () => {
  const profiles = invariants.breakerProfiles as unknown as Record<string, Make>

  it.each([
    [
      'cockatiel',
      undefined,
      'expected an object of options (halfOpenAfter, consecutive, count, sampling), got undefined',
    ],
    ['cockatiel', { halfOpenAfter: 1 }, 'expected one of consecutive, count and sampling, got none'],
    ['cockatiel', { consecutive: 3 }, 'halfOpenAfter: expected a number of at least 0, got undefined'],
    ['opossum', null, 'got null'],
    [
      'opossum',
      { errorThresholdPercentage: 500 },
      'errorThresholdPercentage: expected a number from 0 to 100, got 500',
    ],
    [
      'resilience4j',
      { slidingWindowType: 'COUNT' },
      'slidingWindowType: expected "COUNT_BASED" or "TIME_BASED", got "COUNT"',
    ],
  ])('%s(%j) is refused', (name, options, message) => {
    const error = refusal(() => profiles[name]?.(options))
    expect(error.message).toContain(`breakerProfiles.${name}(): `)
    expect(error.message).toContain(message)
    expect(error.where).toMatch(/options\.test\.ts:\d+$/)
  })

  it.each([
    ['cockatiel', { halfOpenAfter: 0, consecutive: 1 }],
    ['cockatiel', { halfOpenAfter: 0, count: { threshold: 0, size: 1, minimumNumberOfCalls: 0 } }],
    ['cockatiel', { halfOpenAfter: 0, sampling: { threshold: 0, duration: 1, minimumRps: 0 } }],
    [
      'opossum',
      {
        timeout: 0,
        errorThresholdPercentage: 0,
        resetTimeout: 0,
        rollingCountTimeout: 1,
        rollingCountBuckets: 1,
        volumeThreshold: 0,
      },
    ],
    [
      'resilience4j',
      {
        failureRateThreshold: 0,
        slidingWindowSize: 1,
        minimumNumberOfCalls: 1,
        waitDurationInOpenStateMs: 0,
        permittedNumberOfCallsInHalfOpenState: 1,
        slowCallRateThreshold: 0,
        slowCallDurationThresholdMs: 0,
      },
    ],
  ])('%s(%j) takes the least of every number', (name, options) => {
    expect(() => profiles[name]?.(options)).not.toThrow()
  })

  it('take the options that the breaker itself is made with', () => {
    expect(() => profiles.opossum?.({ timeout: false, name: 'search', capacity: 3 })).not.toThrow()
  })
})
