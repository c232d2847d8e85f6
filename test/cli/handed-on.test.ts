/** A scenario finds its process as if it were the first, whoever ran in it before. */
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos } from '../support/cli/command.js'

async function verdicts(workers: number) {
  const file = join(await mkdtemp(join(tmpdir(), 'agent-chaos-')), 'report.json')
  await agentChaos(['run', 'test/fixtures/changing', '--workers', String(workers), '--json', file])
  const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as Report
  return scenarios.map(({ name, verdict, notes }) => ({ name, verdict, notes }))
}

it('gives the same verdicts and notes with one worker as with three, and names what was changed', async () => {
  const one = await verdicts(1)
  const notes = [expect.stringMatching(/was not handed on to another scenario/)]
  expect(one).toEqual([
    { name: 'a-changes', verdict: 'passed', notes },
    // Where the language itself was changed nothing else can be told, and that alone is named.
    { name: 'a-replaces', verdict: 'passed', notes },
    { name: 'b-looks', verdict: 'passed', notes: [] },
  ])
  for (const name of ['a listener of warning', 'environment variable CHANGED_BY_A', 'working directory']) {
    expect(one[0]?.notes.join()).toContain(name)
  }
  for (const name of ['Map', 'Array.prototype.last']) expect(one[1]?.notes.join()).toContain(name)
  expect(await verdicts(3)).toEqual(one)
})
