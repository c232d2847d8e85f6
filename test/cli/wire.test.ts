/** The bytes of a trial, for whoever looks for a bug: beside the trace, never in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

const refund = 'test/fixtures/shop/refund.chaos.ts'
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const file = (name: string) => join(folder, name)

afterAll(() => rmSync(folder, { recursive: true }))

describe('replay --wire', () => {
  it('writes requests and answers as they passed, by crossing, and leaves the trace as it is', async () => {
    const plain = await agentChaos(['replay', refund, '--json', file('plain.json')])
    const tapped = await agentChaos(['replay', refund, '--json', file('tapped.json'), '--wire', file('wire.txt')])
    expect([plain.code, tapped.code]).toEqual([0, 0])
    expect(tapped.stdout).toBe(plain.stdout)
    expect(readFileSync(file('tapped.json'), 'utf8')).toBe(readFileSync(file('plain.json'), 'utf8'))
    const wire = readFileSync(file('wire.txt'), 'utf8')
    expect(wire).toMatch(/^=== crossing 0: request\nPOST https:\/\/api\.anthropic\.com\/v1\/messages\n/)
    expect(wire).toContain('\n\n{"model":"claude-opus-5-5"')
    expect(wire).toMatch(/=== crossing 0: answer\n200\ncontent-type: application\/json\n/)
    expect(wire.match(/^=== crossing \d+: request$/gm)).toHaveLength(2)
  })

  it('says where an answer was cut, and that none came', async () => {
    const cut = await agentChaos(['replay', refund, '--plan', 'model:*#1 = model/connection-reset', '--wire', '-'])
    expect(cut.stdout).toContain('=== crossing 0: no answer (reset)')
    expect(cut.stderr).toContain('the agent claims')
  })

  it('takes standard output for itself', async () => {
    const { code, stderr } = await agentChaos(['replay', refund, '--json', '-', '--wire', '-'])
    expect(code).toBe(2)
    expect(stderr).toContain('--json and --wire cannot both go to standard output')
  })
})
