/** The failing trials of a report as traces that Jaeger and other backends read: one for each violation that it tells of. */
import type { Report } from '../../harness/contracts/report/report.js'
import { otlpRequest } from './otlp.js'

/** Each in the trial of its minimal plan; without a trace where nothing failed. The same report gives the same bytes. */
export function otlpReport({ scenarios, environment: { version } }: Report): string {
  const failing = scenarios.filter(({ canary }) => canary === null)
  const trials = failing.flatMap(({ name, violations }) =>
    violations.flatMap(({ invariant, signature, story, evidence, events, trial }) => {
      const verdict = { kind: 'violated', signature, story, evidence } as const
      return events.length > 0
        ? [{ ...trial, version, scenario: name, events, judgements: [{ invariant, verdict }] }]
        : []
    }),
  )
  return otlpRequest(trials)
}
