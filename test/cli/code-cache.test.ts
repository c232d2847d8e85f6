/** That what V8 has compiled is kept between runs where Node can do that, makes no difference to them, and is never somebody else's. */
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import node from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'
import { stable } from '../support/stable.js'

const canKeep = 'flushCompileCache' in node
const isRoot = process.getuid?.() === 0
const somebodyElse = 54_321

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'code-cache-'))
})
afterEach(() => rmSync(temporary, { recursive: true }))

/** The report. */
async function run(): Promise<unknown> {
  const report = join(temporary, 'report.json')
  const args = ['run', 'test/fixtures/early/numbered.chaos.ts', '--no-measure', '--trials-max', '10', '--json', report]
  const { code, stderr } = await agentChaos(args, { env: { TMPDIR: temporary } })
  // Its agent waits for ever where the tool hangs.
  expect(code, stderr).toBe(1)
  return stable(JSON.parse(readFileSync(report, 'utf8')))
}

function keptOf(kind: string): readonly string[] {
  const folder = join(temporary, 'agent-chaos-compiled', kind)
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
}

it('is kept by both kinds of process, and changes no report', async () => {
  const first = await run()
  for (const kind of ['command', 'worker']) expect(keptOf(kind).length > 10).toBe(canKeep)
  expect(await run()).toEqual(first)
})

it.runIf(isRoot && canKeep)('is neither read from nor written to a folder of somebody else', async () => {
  for (const folder of ['agent-chaos-compiled', 'agent-chaos-compiled/worker']) mkdirSync(join(temporary, folder))
  chownSync(join(temporary, 'agent-chaos-compiled/worker'), somebodyElse, somebodyElse)
  await run()
  expect(keptOf('worker')).toEqual([])
})
