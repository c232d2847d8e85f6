/** Which spans an agent makes by default, through OpenTelemetry's API. */
import { type AnyScenario, type Invariant, runTrial } from 'agent-chaos'

/** It holds always; it is here so that spans are recorded. */
const looksOn: Invariant = {
  name: 'spans-recorded',
  kind: 'safety',
  promise: 'Spans are recorded.',
  antecedent: 'Always.',
  example: 'None.',
  exemptions: {},
  needs: ['spans'],
  check: () => ({ kind: 'held' }),
}

export async function spansOf(scenario: AnyScenario): Promise<readonly string[]> {
  const { trace } = await runTrial({ ...scenario, invariants: [...scenario.invariants, looksOn] })
  return trace.events.flatMap((event) => (event.kind === 'span' ? [event.name] : []))
}
