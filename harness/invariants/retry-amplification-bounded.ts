/**
 * Retries multiply where more than one layer makes them: three tries of a client in four of the agent in three of a
 * proxy. So they are counted where they end up, per logical call, whoever made them.
 */

import type { Invariant } from '../contracts/invariant.js'
import { timesAsked } from '../contracts/model-asks.js'
import { type Crossing, crossingsOf, siteName, type Trace } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { attemptsOf } from './reading/attempts.js'
import { givenUpFrom, mayBeGivenUp } from './reading/flows.js'
import { groupBy } from './reading/grouping.js'
import { taking, texts, wholeAtLeast } from './reading/options.js'
import { anyOf, sitePattern } from './reading/site-pattern.js'

/** How many requests one call may come to, and where they are counted. */
export interface AmplificationOptions {
  /** The most requests that one logical call may come to, the first included; 5. */
  readonly requests?: number
  /** Where requests are counted, as in plans; everywhere by default. */
  readonly sites?: readonly string[]
}

/**
 * All layers of retries together make of one call at most `requests` requests. Throws a `UserError` for a site that
 * names no boundary.
 */
export const retryAmplificationBounded = taking(
  'retryAmplificationBounded',
  { requests: wholeAtLeast(1), sites: texts },
  ({ requests = 5, sites }: AmplificationOptions = {}): Invariant => {
    const counts = sites ? anyOf(sites.map(sitePattern)) : () => true
    return {
      name: 'retry-amplification-bounded',
      kind: 'safety',
      promise: `All layers of retries together make of one call at most ${requests} requests.`,
      antecedent: 'A call was tried again: by the agent or its client, or inside a tool.',
      remedy: 'Keep retries at one layer and bounded: switch off those of the SDK, or those of the loop.',
      example:
        'The tool was tried four times, each time by a client that tried three times, through a proxy that tried twice. ' +
        'One click of one customer was twenty-four requests to a service that was down because of too many requests.',
      exemptions: {
        'something-else':
          'Something else was done in between and ended well, the model asked included, also by a loop that starts over: how often that ' +
          'may be, limits on turns and budgets say.',
        'given-up':
          'The same, from when on the agent may have waited for the call no longer, although it had not ended.',
        polling: 'Inside a tool: asking again after a good answer is no retry.',
        'delivered-twice': "Inside a tool: what the network delivers twice is nobody's retry.",
        'asked-twice':
          'The model asked for it more than once in one answer: each is a call. Of what is no tool, it is a tool that was asked ' +
          'for more than once.',
        restart: 'An agent that crashed does not know what it had tried.',
      },
      check: (trace) => {
        const counted = requestsIn(trace).filter(({ site, made }) => made.length > 1 && counts(site))
        if (counted.length === 0) return vacuous('no call was tried again')
        const excess = (each: Amplified) => each.made.length - requests * asksFor(each, trace)
        const worst = counted.reduce((most, each) => (excess(most) >= excess(each) ? most : each))
        const [first, over] = [worst.made[0], worst.made[requests * asksFor(worst, trace)]]
        if (!first || !over) return held
        const at = siteName(worst.site)
        const where = worst.within === undefined ? '' : ` in ${worst.within}`
        return violated(
          `${at}${where}`,
          `One call of ${worst.within ?? at} came to ${worst.made.length} requests${worst.within ? ` to ${at}` : ''}; ` +
            `${requests} are allowed.`,
          [first.callIndex, over.callIndex],
        )
      },
    }
  },
)

/** The requests that one logical call came to at one site. */
interface Amplified {
  readonly site: Crossing['call']['site']
  /** The site of the call that they were made inside. */
  readonly within: string | undefined
  readonly made: readonly Crossing[]
  /** The first call of the agent's own that they are, or were made inside. */
  readonly own: Crossing
}

/** Of how many calls the model asked for these are the requests. */
function asksFor({ own }: Amplified, trace: Trace): number {
  return Math.max(1, timesAsked(own, trace))
}

function requestsIn(trace: Trace): Amplified[] {
  const all = crossingsOf(trace)
  return attemptsOf(trace).flatMap(({ crossings }) => {
    const own = crossings.filter(({ call }) => call.parent === null)
    const inner = groupBy(
      crossings.filter(({ call }) => call.parent !== null),
      ({ call }) => String(call.parent),
    )
    const attempts = [...groupBy(own, ({ call }) => `${siteName(call.site)} ${call.occurrence}`).values()]
    return attempts
      .flatMap((tries) => logicalCalls(tries, all))
      .flatMap((tries) => {
        const [first] = tries
        if (!first) return []
        return [
          { site: first.call.site, within: undefined, made: tries, own: first },
          ...innerRequests(tries, inner, all),
        ]
      })
  })
}

/** Attempts in a row, apart where the agent, if it may have, did something else in between that came to a good end. */
function logicalCalls(
  tries: readonly Crossing[],
  all: readonly Crossing[],
  mayHave: (before: Crossing) => boolean = () => true,
): Crossing[][] {
  const calls: Crossing[][] = []
  let current: Crossing[] = []
  for (const attempt of tries) {
    const before = current.at(-1)
    if (!before || (mayHave(before) && hasGoneElsewhere(before, attempt, all))) {
      current = []
      calls.push(current)
    }
    current.push(attempt)
  }
  return calls
}

function hasGoneElsewhere(failed: Crossing, retry: Crossing, all: readonly Crossing[]): boolean {
  const between = all.slice(failed.call.crossing + 1, retry.call.crossing)
  // Whoever gave it up went on before it ended.
  const isOver = ({ call, callIndex }: Crossing) =>
    callIndex > failed.resultIndex || (mayBeGivenUp(failed) && call.at >= givenUpFrom(failed))
  return between.some((other) => {
    const { call, result, resultIndex } = other
    return call.parent === null && isOver(other) && resultIndex < retry.callIndex && result?.outcome.kind === 'ok'
  })
}

/** Equal requests inside the attempts at one call, each after one that failed, or by a further attempt. */
function innerRequests(
  tries: readonly Crossing[],
  inner: ReadonlyMap<string, readonly Crossing[]>,
  all: readonly Crossing[],
): Amplified[] {
  const within = tries.map(({ call, faults }) => {
    // Of one that was delivered twice, nobody can tell which delivery made which request.
    const twice = faults.some(({ actions }) => actions.includes('repeat'))
    return twice ? [] : (inner.get(String(call.crossing)) ?? [])
  })
  const [first] = tries
  const equal = groupBy(within.flat(), ({ call }) => `${siteName(call.site)} ${call.identity}`)
  return [...equal.values()].flatMap((same) => {
    if (!first) return []
    const retries = same.filter((request, index) => isRetry(same[index - 1], request))
    return logicalCalls(retries, all, (before) => hasOutlived(before, all)).flatMap((made) =>
      made[0] ? [{ site: made[0].call.site, within: siteName(first.call.site), made, own: first }] : [],
    )
  })
}

/**
 * Whether the call that a request was made inside took so long that the agent may have given it up. What it did from
 * then on stands inside it all the same.
 */
function hasOutlived({ call: { parent } }: Crossing, all: readonly Crossing[]): boolean {
  const outer = parent === null ? undefined : all[parent]
  return outer !== undefined && mayBeGivenUp(outer)
}

/** Or the first. Asking again after a good answer is no retry: whoever polls does so. */
function isRetry(before: Crossing | undefined, request: Crossing): boolean {
  if (!before || before.call.parent !== request.call.parent) return true
  return before.result?.outcome.kind === 'failed' && before.resultIndex < request.callIndex
}
