/**
 * `--otlp FILE`: a trial as a trace for Jaeger and its like. Apart from the commands because both must agree on what is
 * written, and because one of them may have nothing to write.
 */
import { otlp } from '../../reports/index.js'
import type { Replay } from '../campaign/index.js'
import { UserError } from '../errors.js'
import type { Report } from '../report.js'

export function replayOtlp({ trace, digest, judgements }: Replay): string {
  return otlp({ ...trace, end: trace.end.kind, digest, judgements })
}

/** The first violation that fails the run, in the trial of its minimal plan; `undefined` where nothing failed. */
export function reportOtlp({ scenarios }: Report): string | undefined {
  const failing = scenarios.filter(({ canary }) => canary === null)
  const found = failing.flatMap(({ name, violations }) => violations.map((violation) => ({ name, violation })))
  const first = found.find(({ violation }) => violation.events.length > 0)
  if (!first) return undefined
  const { invariant, signature, story, evidence, events, trial } = first.violation
  const judgements = [{ invariant, verdict: { kind: 'violated', signature, story, evidence } as const }]
  return otlp({ ...trial, scenario: first.name, events, judgements })
}

/** Throws a `UserError` where two options would write to standard output at once. */
export function refuseTwoOnStdout(flags: { readonly json?: string; readonly otlp?: string }): void {
  if (flags.json === '-' && flags.otlp === '-') {
    throw new UserError('--json and --otlp cannot both go to standard output: name a file for one of them')
  }
}
