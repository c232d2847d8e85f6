/** What an agent writes outside its folder is on record, whatever it writes with; what it writes inside and reads is not. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

it('an agent that writes outside its folder is told of, by path', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'))
  try {
    const file = 'test/fixtures/outside/writes.chaos.ts'
    const { stdout, stderr } = await agentChaos(['replay', file, '--json', '-'], {
      env: { AGENT_CHAOS_TEST_FOLDER: outside },
    })
    const { notes } = JSON.parse(stdout || '{}') as { readonly notes?: readonly string[] }
    expect(notes, stderr).toEqual([
      expect.stringMatching(
        /^the agent wrote outside its folder \(files\.dir\), to \S+a-synchronous, \S+b-climbs, \S+c-copied and 2 more: no fault strikes there/,
      ),
    ])
    expect(readdirSync(outside)).toHaveLength(5)
  } finally {
    rmSync(outside, { recursive: true })
  }
})
