/**
 * The report on one trial, as `replay` prints it: what was run, the timeline, what became of each injection, and the
 * verdict of every invariant.
 */
import type { Beside } from '../../harness/contracts/beside.js'
import type { InjectionRecord, Trace } from '../../harness/contracts/trace.js'
import type { Judgement } from '../../harness/contracts/verdict.js'
import { type Style, type StyleOptions, styleOf } from '../drawing/style.js'
import { cleanAll, hang } from '../drawing/text.js'
import { addressText, sitesReached } from '../reading/preview.js'
import { timeline } from './timeline.js'

/** One trial, with what was said of it. */
export interface TrialFindings extends Beside {
  readonly trace: Trace
  /** SHA-256 of the trace, in hexadecimal. */
  readonly digest: string
  readonly judgements: readonly Judgement[]
  readonly notes: readonly string[]
}

/**
 * One trial, for a terminal: its timeline, verdicts and digest. Ends with a line break; the digest stands whole on its
 * line, to be compared.
 */
export function trial(findings: TrialFindings, options: StyleOptions): string {
  const style = styleOf(options)
  const { trace, digest, judgements, notes, ...beside } = cleanAll(findings)
  const blocks = [
    heading(trace, digest, style),
    [timeline(trace, judgements, options, beside).trimEnd()],
    injectionLines(trace, style),
    pendingLines(trace, style),
    judgements.flatMap((judgement) => verdictLines(judgement, style)),
    notes.flatMap((note) => hang(`${style.marks.untested} `, note, style.width)),
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function heading(trace: Trace, digest: string, style: Style): string[] {
  return [
    ...hang('scenario  ', trace.scenario, style.width),
    ...hang('seed      ', String(trace.seed), style.width),
    ...hang('plan      ', trace.plan === '' ? 'no faults' : trace.plan, style.width),
    `digest    ${digest}`,
  ]
}

/** What the plan asked for and did not get, and the sites where it could have been. */
function injectionLines({ injections, events }: Trace, style: Style): string[] {
  const missed = injections.filter(({ status }) => status !== 'landed')
  if (missed.length === 0) return []
  const reached = sitesReached(events)
  return [
    ...missed.flatMap((injection) => hang(`${style.marks.unsure} `, missedText(injection), style.width)),
    ...hang('  ', `sites reached: ${reached.length > 0 ? reached.join(', ') : 'none'}`, style.width),
  ].map(style.colors.yellow)
}

function missedText({ text, status, lack }: InjectionRecord): string {
  switch (status) {
    case 'planned':
      return `${text} never landed: its crossing never came`
    case 'reached':
      return lack === undefined
        ? `${text} never landed: its crossing came, and the fault had nothing to take hold of`
        : `${text} never landed: its crossing came, and the fault has no counterpart there: ${lack}`
    case 'masked':
      return `${text} never landed: an earlier injection had ended the crossing`
    case 'landed':
      return `${text} landed`
  }
}

/** Calls that never got an answer: what an agent that hangs was waiting for. */
function pendingLines({ events }: Trace, style: Style): string[] {
  const answered = new Set(events.flatMap((event) => (event.kind === 'return' ? [event.crossing] : [])))
  const pending = events.flatMap((event) =>
    event.kind === 'call' && !answered.has(event.crossing) ? [addressText(event)] : [],
  )
  if (pending.length === 0) return []
  return hang(`${style.marks.unsure} `, `never answered: ${pending.join(', ')}`, style.width).map(style.colors.yellow)
}

function verdictLines({ invariant, verdict }: Judgement, { colors, marks, width }: Style): string[] {
  switch (verdict.kind) {
    case 'held':
      return hang(`${marks.good} `, `${invariant}: held`, width).map(colors.green)
    case 'violated':
      return hang(`${marks.bad} `, `${invariant}: violated (${verdict.signature})`, width).map(colors.red)
    case 'vacuous':
      return hang(`${marks.untested} `, `${invariant}: not tested: ${verdict.because}`, width).map(colors.dim)
    case 'inconclusive':
      return hang(`${marks.unsure} `, `${invariant}: inconclusive: ${verdict.because}`, width).map(colors.yellow)
  }
}
