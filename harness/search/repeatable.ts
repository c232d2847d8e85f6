/**
 * Determinism is checked and not assumed: a share of trials is run again, in another order, and where it can be in another
 * process. The traces are compared event by event. The baseline ran first of all, and runs again last.
 */
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'
import type { Trace, TraceEvent } from '../contracts/trace.js'

export interface Sampled {
  /** The trial's number in the search; 0 is the baseline. */
  readonly trial: number
  readonly spec: TrialSpec
  readonly record: TrialRecord
}

/** How a trial differed from the same trial run again. */
export interface Difference {
  readonly trial: number
  /** In a sentence that names the first event that differs. */
  readonly because: string
}

/** The difference in the last trial that shows one, or nothing where every trial gave the same trace again. */
export async function checkRepeatable(
  executor: Executor,
  sampled: readonly Sampled[],
): Promise<Difference | undefined> {
  const reversed = sampled.filter(({ record }) => !hasEndedByRealTime(record)).reverse()
  const again = await executor.run(
    reversed.map(({ spec }) => spec),
    { elsewhere: true },
  )
  for (const [index, { trial, spec, record }] of reversed.entries()) {
    const second = again[index]
    if (second && digest(second) !== digest(record)) {
      return { trial, because: await explain(executor, spec, record, second) }
    }
  }
  return undefined
}

/** The watchdog goes by real time, and where it ended a trial is chance. */
function hasEndedByRealTime({ end }: TrialRecord): boolean {
  return end.kind === 'killed' || end.kind === 'stuck'
}

/** Alone in a fresh process, twice: if these two agree, what ran before made the difference. */
async function explain(executor: Executor, spec: TrialSpec, first: TrialRecord, second: TrialRecord): Promise<string> {
  const [alone] = await executor.run([spec], { fresh: true })
  const [aloneAgain] = await executor.run([spec], { fresh: true })
  const plan = first.plan === '' ? 'without faults' : `under "${first.plan}"`
  if (alone && aloneAgain && digest(alone) === digest(aloneAgain)) {
    const odd = digest(alone) === digest(first) ? second : first
    return (
      `state leaks between trials: ${plan}, a trial differs from the same trial alone in a fresh process, ` +
      `${difference(alone, odd)}; look for state at module level, or set isolate: true`
    )
  }
  return `not repeatable: ${plan}, two trials of the same plan and seed differ, ${difference(first, second)}`
}

function difference(left: TrialRecord, right: TrialRecord): string {
  const [a, b] = [left.evidence?.trace, right.evidence?.trace]
  if (!a || !b) return 'in how they ended'
  const index = firstDifference(a, b)
  if (index < 0) return 'in the final state'
  const [one, other] = [a.events[index], b.events[index]]
  return `first at event ${index} (${one?.kind ?? other?.kind}): ${excerpts(one, other).join(' against ')}`
}

const excerptCharacters = 160

/** The events where they begin to differ, and what stands around that. */
function excerpts(left: TraceEvent | undefined, right: TraceEvent | undefined): readonly string[] {
  const texts = [left, right].map((event) => (event === undefined ? 'nothing' : JSON.stringify(event)))
  const [one = '', other = ''] = texts
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  const from = Math.max(0, same - excerptCharacters / 2)
  return texts.map((text) => {
    const rest = text.slice(from, from + excerptCharacters)
    return `${from > 0 ? '…' : ''}${rest}${from + excerptCharacters < text.length ? '…' : ''}`
  })
}

function digest(record: TrialRecord): string {
  return record.evidence?.digest ?? ''
}

/** The index of the first event in which two traces differ, or -1 where they are equal. */
function firstDifference(left: Trace, right: Trace): number {
  const length = Math.max(left.events.length, right.events.length)
  for (let index = 0; index < length; index++) {
    if (JSON.stringify(left.events[index]) !== JSON.stringify(right.events[index])) return index
  }
  return -1
}
