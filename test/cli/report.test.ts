/** Reports of the built command: made of a run, or later of its result, they are the same to the byte. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos } from '../support/cli/command.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-reports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const readWritten = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('a report', () => {
  it('is the same whether the run writes it or its result is read later, and holds the trial without faults', async () => {
    const [result, now, later] = ['result.json', 'now.html', 'later.html'].map((name) => join(folder, name))
    const run = ['run', 'scenarios/canaries/no-idempotency-key.chaos.ts', '--json', `${result}`]
    const ran = await agentChaos([...run, '--reporter', `html=${now}`])
    const made = await agentChaos(['report', `${result}`, '--output', `${later}`])
    const [scenario] = (JSON.parse(readWritten('result.json')) as Report).scenarios

    expect([ran.code, made.code]).toEqual([0, 0])
    expect(made.stdout).toBe(`html: ${later}\n`)
    expect(readWritten('later.html')).toBe(readWritten('now.html'))
    expect(scenario?.baselineEvents?.at(-1)).toMatchObject({ kind: 'end', end: { kind: 'returned' } })
    expect(scenario?.baselineEvents?.some(({ kind }) => kind === 'fault')).toBe(false)
    expect(readWritten('now.html')).toContain('id="scenario-no-idempotency-key.baseline"')
  })

  it('is one page of several results, and of several results no other reporter tells', async () => {
    const result = join(folder, 'one.json')
    await agentChaos(['run', 'scenarios/canaries/no-idempotency-key.chaos.ts', '--json', result])
    const page = join(folder, 'history.html')
    const made = await agentChaos(['report', result, result, '--output', page])
    const refused = await agentChaos(['report', result, result, '--reporter', 'junit'])

    expect([made.code, refused.code]).toEqual([0, 2])
    expect(readWritten('history.html')).toContain('History of 2 runs')
    expect(refused.stderr).toContain('--reporter junit tells of one result, and 2 were given')
  })
})
