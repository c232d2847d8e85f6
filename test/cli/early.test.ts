/** That the process which starts while the command line loads is the one that runs trials: one that is started anew has the next number. */
import { describe, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

const file = 'test/fixtures/early/numbered.chaos.ts'

async function nameIn(...args: readonly string[]): Promise<string | undefined> {
  const { stdout, stderr } = await agentChaos(args)
  return /in-process-\d+/.exec(stdout + stderr)?.[0]
}

describe.runIf(process.platform === 'linux')('the worker that starts early', () => {
  it.each([
    [['list', file]],
    [['replay', file, '--plan', 'tool:look#1 = tool/slow(delay: 100)']],
    [['run', file, '--no-measure', '--trials-max', '1']],
  ])('is the one that is used: %s', async (args) => {
    expect(await nameIn(...args)).toBe('in-process-1')
  })

  it('is put aside where another one is wanted', async () => {
    expect(await nameIn('run', file, '--no-measure', '--trials-max', '1', '--memory-max', '512')).toBe('in-process-2')
  })
})
