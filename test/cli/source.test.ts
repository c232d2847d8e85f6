/** A worker process of the build loads the very scenario that was meant, or none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenExecutors } from '../../harness/contracts/executor.js'
import { sourceOf } from '../../harness/define/source.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-source-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('worker processes', () => {
  it('load no scenario but the one that was meant', async () => {
    const built = '../../dist/harness/executors/workers/executors.js'
    const { openWorkers } = (await import(built)) as { readonly openWorkers: OpenExecutors }
    const file = join(folder, 'refund.chaos.ts')
    writeFileSync(file, 'export default 1\n')
    const source = sourceOf(folder, file)
    writeFileSync(file, 'export default 2\n')
    const settings = {
      root: folder,
      trialTimeout: 10,
      memoryMax: 512,
      output: 'discard',
      onSecrets: () => {},
    } as const
    const executors = openWorkers(settings)
    try {
      await expect(executors.open(source, () => 1)).rejects.toThrow('it has changed since the run began')
    } finally {
      executors.close()
    }
  })
})
