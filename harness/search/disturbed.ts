/** Trials that were ended by what an earlier one had left in their process, and the trial that is to be looked at. */
import type { Disturbed, TrialRecord } from '../contracts/executor.js'
import type { KilledWhy } from '../contracts/trace.js'
import type { Difference } from './repeatable.js'

/** Of these the machine is no cause. A process may die, block or starve because the machine had too little of something. */
const leaks: ReadonlySet<KilledWhy> = new Set<KilledWhy>(['unresponsive', 'overlong', 'memory'])

const ended: { readonly [W in KilledWhy]?: string } = {
  unresponsive: 'never gave the processor back',
  overlong: 'took ten times the real time that it may',
  memory: 'took more memory than it may',
  died: 'had its process die under it',
}

/** That state leaks: the agent's own doing, so nothing of the scenario can be called a pass. */
export function leakIn(trial: number, record: TrialRecord): Difference | undefined {
  const { disturbed } = record
  return disturbed && leaks.has(disturbed.why)
    ? {
        trial,
        because: `state leaks between trials: ${tell(record, disturbed)}; look for state at module level, or set isolate: true`,
      }
    : undefined
}

/** What may have been the machine's doing as well. */
export function deathIn(trial: number, record: TrialRecord): Difference | undefined {
  const { disturbed } = record
  return disturbed?.why === 'died' ? { trial, because: tell(record, disturbed) } : undefined
}

function tell({ plan }: TrialRecord, { why, after }: Disturbed): string {
  const name = (of: string) => (of === '' ? 'the trial without faults' : `the trial under "${of}"`)
  return `${name(plan)} ${ended[why]} where ${name(after)} had run before, and ended by itself alone in a fresh process`
}
