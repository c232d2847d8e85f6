/** What a run came to, as a badge: JSON of the form that https://shields.io/badges/endpoint-badge reads. */
import type { Report } from '../harness/contracts/report/report.js'

const colors: Readonly<Record<Report['verdict'], string>> = {
  passed: 'brightgreen',
  violated: 'red',
  misconfigured: 'orange',
  error: 'orange',
  inconclusive: 'yellow',
  interrupted: 'lightgrey',
  pending: 'lightgrey',
}

/** The same report gives the same bytes. */
export function badge({ verdict, totals: { scenarios, passed } }: Report): string {
  const counts = `${passed} of ${scenarios} passed`
  // A run that passed says so by its counts; whatever else it was is said first.
  const message = verdict === 'passed' ? counts : `${verdict}, ${counts}`
  const isError = verdict === 'violated' || verdict === 'error' || verdict === 'misconfigured'
  return `${JSON.stringify({ schemaVersion: 1, label: 'agent-chaos', message, color: colors[verdict], isError }, null, 2)}\n`
}
