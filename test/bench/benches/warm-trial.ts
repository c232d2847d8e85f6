/** What a warm trial of a scenario costs against its floor. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../support/cli/command.js'
import { openProcess } from '../measuring/process.js'
import { type Compared, compareSides, type Rounds } from '../measuring/rounds.js'
import { openWorker, recordWire } from '../measuring/workers.js'

export const scenarios = ['refund', 'notify', 'research', 'support-desk'] as const

/** The floor, and the trial against it. */
export async function compareTrial(name: (typeof scenarios)[number], rounds: Rounds): Promise<readonly Compared[]> {
  const file = `scenarios/${name}.chaos.ts`
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-bench-'))
  const wire = join(folder, 'wire.json')
  const worker = await openWorker(file)
  try {
    writeFileSync(wire, JSON.stringify(await recordWire(worker)))
    const floor = openProcess('floor/scenario.ts', join(root, file), wire)
    const compared = await compareSides([floor.side('floor'), worker.side], rounds)
    await floor.end()
    return compared
  } finally {
    worker.end()
    rmSync(folder, { recursive: true })
  }
}
