/** The rule that a breaker opens only when its profile lets it, and waits its time before it lets calls through again. */
import type { ReportedCall } from './account.js'
import { mayHaveTripped } from './memory.js'
import { type BreakerSubject, type Misconduct, misconduct, type Period } from './subject.js'

/** Where it opened by itself: only then was it put to the test. */
export function openingsOf({ periods }: BreakerSubject): readonly Period[] {
  return periods.filter(({ state, entered, byHand }) => state === 'open' && entered && !byHand)
}

export function wrongOpening(subject: BreakerSubject): Misconduct | undefined {
  for (const opening of openingsOf(subject)) {
    const before = subject.periods[subject.periods.indexOf(opening) - 1]
    const found =
      before?.state === 'closed'
        ? findWrongTrip(subject, opening)
        : before?.state === 'half-open'
          ? findWrongReopening(subject, opening, before)
          : undefined
    if (found) return found
  }
  return undefined
}

/** Lets calls through sooner than it may. */
export function wokeTooSoon({ breaker: { resetAfterMs }, periods }: BreakerSubject): Misconduct | undefined {
  for (const [position, open] of periods.entries()) {
    const next = periods[position + 1]
    if (open.state !== 'open' || !open.entered || open.byHand || open.jumped || !next || next.byHand) continue
    // A fraction of a millisecond is lost where it reckons in whole ones.
    const openMs = next.from - open.from
    if (next.state === 'open' || openMs > resetAfterMs - 1) continue
    return misconduct('too-soon', `It let calls through again ${openMs} ms after it had opened.`, [
      open.index,
      next.index,
    ])
  }
  return undefined
}

function findWrongTrip(subject: BreakerSubject, { from, index }: Period): Misconduct | undefined {
  const before = subject.account.calls.filter((call) => call.index < index)
  const late = before.filter((call) => call.as === 'failed' && call.at === from && isTry(subject, call, index))
  if (late.length === 0 && !mayHaveTripped(subject, { at: from, index }, 'as-reported')) {
    const heard = before.slice(-3).map((call) => call.index)
    return misconduct('early', 'It opened though too little had failed by its own count.', [...heard, index])
  }
  const isWrong = (call: ReportedCall) => subject.miscounted.has(call)
  if (!late.every(isWrong) || mayHaveTripped(subject, { at: from, index }, 'by-profile')) return undefined
  const story = 'It opened because it counts failures that say nothing against its dependency.'
  return misconduct('miscounts', story, [...endsOf(before.filter(isWrong)), index])
}

function findWrongReopening(subject: BreakerSubject, { index }: Period, halfOpen: Period): Misconduct | undefined {
  // What began before it was observed is not reported.
  if (!subject.account.observed.news.fresh) return undefined
  const since = subject.account.calls.filter((call) => call.at >= halfOpen.from && call.index < index)
  const failed = since.filter(({ as }) => as === 'failed')
  if (failed.length === 0) {
    const evidence = since.map((call) => call.index)
    return misconduct('early', 'It opened again though no call that tried had failed.', [...evidence, index])
  }
  if (!failed.every((call) => subject.miscounted.has(call))) return undefined
  const story = 'It opened again for a failure that says nothing against its dependency.'
  return misconduct('miscounts', story, [...endsOf(failed), index])
}

/** Whether it may have been let through to try; some libraries open for its failure, however late it comes. */
function isTry({ periods }: BreakerSubject, { begunAt }: ReportedCall, before: number): boolean {
  const within = ({ state, from, to, index }: Period) =>
    state === 'half-open' && index < before && begunAt >= from && begunAt <= to
  return begunAt === Number.NEGATIVE_INFINITY || periods.some(within)
}

function endsOf(calls: readonly ReportedCall[]): number[] {
  return calls.map(({ index, crossing }) => crossing?.resultIndex ?? index)
}
