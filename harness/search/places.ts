/** Where in the agent's code the calls of a trial were made. */
import type { Executor, TrialRecord, TrialSpec } from '../contracts/executor.js'

/**
 * The same record with places. They are found by a run of their own: watching takes time, and is not to change what was found.
 * Where that run is not the same trial, to the byte, its places are left out.
 */
export async function withPlaces(
  executor: Executor,
  spec: TrialSpec,
  record: TrialRecord,
  signal?: AbortSignal,
): Promise<TrialRecord> {
  const { evidence } = record
  if (!evidence || record.end.kind === 'killed') return record
  const [watched] = await executor.run([{ ...spec, detail: 'full', places: true }], { signal })
  const places = watched?.evidence?.digest === evidence.digest ? watched.evidence.places : undefined
  return places ? { ...record, evidence: { ...evidence, places } } : record
}
