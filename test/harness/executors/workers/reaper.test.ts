/** Proves that a shell waits for the end of a run only where its numbers of processes are the system's own. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { shellFor } from '../../../../harness/executors/workers/reaper.js'

it('on Windows none is started', () => {
  expect(shellFor('C:\\Temp\\agent-chaos-1-0', 'win32')).toBeUndefined()
})

it.skipIf(process.platform === 'win32')(
  'elsewhere it removes the folder once nobody speaks to it any more',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-reaper-'))
    writeFileSync(join(folder, 'left.txt'), '')
    const shell = shellFor(folder, process.platform)
    shell?.stdin?.end()
    await once(shell as NonNullable<typeof shell>, 'close')
    expect(existsSync(folder)).toBe(false)
  },
)
