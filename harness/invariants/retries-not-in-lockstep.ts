/**
 * Several flows of one agent that failed together and come back together, fail together again. Jitter parts them. That
 * jitter brings a few of them together by chance is common, so that only what is no chance is judged.
 */

import type { Site } from '../../faults/site.js'
import { asksModel, isRemote } from '../contracts/boundary.js'
import type { Invariant } from '../contracts/invariant.js'
import { type Crossing, crossingsOf, siteName, type Trace } from '../contracts/trace.js'
import { held, vacuous, violated } from '../contracts/verdict.js'
import { adviceOf } from './reading/advice.js'
import { attemptsOf } from './reading/attempts.js'
import { groupBy } from './reading/grouping.js'
import { taking, truth, wholeAtLeast } from './reading/options.js'
import { dependencyFailures, failureOf } from './reading/outcomes.js'

/** What counts as a lockstep. Every part is optional. */
export interface LockstepOptions {
  /** Flows that come back together, from this number on; 3. */
  readonly flows?: number
  /** Whether retries that come exactly when the server advised are judged too; false, for the server set that beat. */
  readonly asAdvised?: boolean
}

/** Whoever comes back so soon did not wait, which `backoff-respected` judges. */
const atOnceMs = 2

/**
 * So many retries must have met another in its very millisecond. With a quarter of half a second as jitter, the least that vendors'
 * clients have, that happens by chance once in two hundred million times.
 */
const coincidencesLeast = 4

/** Flows that fail together do not come back together, time after time. */
export const retriesNotInLockstep = taking(
  'retriesNotInLockstep',
  { flows: wholeAtLeast(2), asAdvised: truth },
  ({ flows = 3, asAdvised = false }: LockstepOptions = {}): Invariant => ({
    name: 'retries-not-in-lockstep',
    kind: 'safety',
    promise: `Where ${flows} flows or more fail together, their retries are spread by jitter.`,
    antecedent:
      `At least ${flows} calls of one dependency ran at once, failed in the same moment with what passes, and were made ` +
      `again after a pause. ${coincidencesLeast} retries must have met others in one millisecond: those of five flows ` +
      'once, or of three twice.',
    remedy: 'Add jitter to every wait before a retry.',
    example:
      'Five agents met a 429 at once. Each came back after two seconds, then after four, all five in the same ' +
      'millisecond. One by one they would have kept the limit; together they were refused each time.',
    exemptions: {
      'at-once': 'A retry that comes at once, which backoff-respected judges.',
      'as-advised': asAdvised ? 'None: `asAdvised` is set.' : 'A retry that came exactly when the server had advised.',
      chance: 'So few coincidences that jitter brings them about.',
      'for-good': 'An error that is for good.',
      'the-model-asks-again': 'A tool that the model asked for again.',
      restart: 'The agent was started again in between.',
    },
    check: (trace) => {
      const rows = [...groupBy(retriesIn(trace, asAdvised), dependencyOf).values()]
      const rounds = rows.map((retries) => roundsOf(retries).filter((round) => round.length >= flows))
      if (rounds.every((found) => found.length === 0)) return vacuous(`no ${flows} flows failed together and came back`)
      for (const found of rounds) {
        const beats = found.flatMap((round) => beatOf(round, flows))
        const coincidences = beats.reduce((sum, beat) => sum + beat.length - 1, 0)
        if (coincidences >= coincidencesLeast) return inLockstep(beats)
      }
      return held
    },
  }),
)

interface Retry {
  readonly failed: Crossing
  readonly retry: Crossing
  readonly failedAt: number
}

function retriesIn(trace: Trace, asAdvised: boolean): Retry[] {
  const all = crossingsOf(trace)
  return attemptsOf(trace).flatMap(({ crossings }) => {
    const first = new Map(crossings.map((crossing) => [keyOf(crossing, crossing.call.attempt), crossing]))
    return crossings.flatMap((retry) => {
      const failed = first.get(keyOf(retry, retry.call.attempt - 1))
      const failure = failed && failureOf(failed)
      if (!failed?.result || !failure || !dependencyFailures(failure)) return []
      const { outcome } = failed.result
      const waitedMs = retry.call.at - failed.result.at
      const { enoughMs } = outcome.kind === 'failed' ? adviceOf(trace, failed, outcome.error) : {}
      // Timers are in whole milliseconds.
      const isAdvised = enoughMs !== undefined && Math.abs(waitedMs - enoughMs) <= 1
      const exempt = waitedMs <= atOnceMs || (isAdvised && !asAdvised) || modelSpoke(failed, retry, all)
      return exempt ? [] : [{ failed, retry, failedAt: Math.floor(failed.result.at) }]
    })
  })
}

function keyOf({ call }: Crossing, attempt: number): string {
  return `${siteName(call.site)} ${call.occurrence} ${attempt}`
}

/** What is asked in the end: one API of models, one host, one tool. */
function dependencyOf({ failed }: Retry): string {
  const { site } = failed.call
  return asksModel(site) ? site.boundary : isRemote(site) ? `${site.boundary}:${hostOf(site)}` : siteName(site)
}

/** A target is a method and an address. */
function hostOf({ target }: Site): string {
  return (target.split(' ').at(-1) ?? target).split('/')[0] ?? target
}

/** Whether asking again was the model's idea. */
function modelSpoke(failed: Crossing, retry: Crossing, all: readonly Crossing[]): boolean {
  return (
    !asksModel(retry.call.site) &&
    all.some(
      ({ call, result, resultIndex }) =>
        asksModel(call.site) &&
        resultIndex > failed.resultIndex &&
        resultIndex < retry.callIndex &&
        result?.outcome.kind === 'ok',
    )
  )
}

/** Those that ran at once and failed in the same moment. */
function roundsOf(retries: readonly Retry[]): Retry[][] {
  const rounds: Retry[][] = []
  for (const each of [...retries].sort((a, b) => a.failedAt - b.failedAt)) {
    const round = rounds.at(-1)
    const first = round?.[0]
    const together = first?.failedAt === each.failedAt && each.failed.callIndex < first.failed.resultIndex
    if (round && together) round.push(each)
    else rounds.push([each])
  }
  return rounds
}

/** The beat of a round: what more than half of it, and enough flows, came back on; none where there is no such. */
function beatOf(round: readonly Retry[], flows: number): (readonly Retry[])[] {
  const beats = [...groupBy(round, ({ retry }) => String(Math.floor(retry.call.at))).values()]
  const fullest = beats.reduce<readonly Retry[]>((most, beat) => (beat.length > most.length ? beat : most), [])
  return fullest.length >= flows && fullest.length * 2 > round.length ? [fullest] : []
}

function inLockstep(beats: readonly (readonly Retry[])[]) {
  const retries = beats.flat()
  const [first] = retries
  const site = first ? siteName(first.retry.call.site) : ''
  const beatWords = beats.map((beat) => {
    const [one] = beat
    return `${beat.length} flows ${one ? Math.round(one.retry.call.at - one.failedAt) : 0} ms after they failed together`
  })
  const story = `Retries of ${site} came on one beat: ${beatWords.join(', then ')}.`
  const evidence = retries.flatMap(({ failed, retry }) => [failed.resultIndex, retry.callIndex])
  return violated(
    site,
    story,
    [...new Set(evidence)].sort((a, b) => a - b),
  )
}
