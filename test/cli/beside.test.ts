/** What a run tells beside the trace: what the agent printed, and where in its code each call was made. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Report, ViolationReport } from '../../harness/contracts/report/report.js'
import { agentChaos, root } from '../support/cli/command.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const secret = 'pay-4711-0815'
const options = { env: { PAYMENTS_KEY: secret } }
const agent = 'test/fixtures/printing/agent.ts'

afterAll(() => rmSync(folder, { recursive: true }))

/** `agent.ts:12`, of the line that holds the text. */
function placeOf(text: string): string {
  const lines = readFileSync(join(root, agent), 'utf8').split('\n')
  return `${agent}:${lines.findIndex((line) => line.includes(text)) + 1}`
}

interface Found {
  readonly text: string
  readonly github: string
  readonly page: string
  readonly violation: ViolationReport
}

const known = new Map<string, Promise<Found>>()

function foundIn(client: string): Promise<Found> {
  const found = known.get(client) ?? runOf(client)
  known.set(client, found)
  return found
}

async function runOf(client: string): Promise<Found> {
  const [json, page, github] = ['json', 'html', 'txt'].map((end) => join(folder, `${client}.${end}`))
  const written = ['--json', String(json), '--reporter', `html=${page},github=${github}`]
  const file = `test/fixtures/printing/${client}.chaos.ts`
  const { code, stdout, stderr } = await agentChaos(['run', file, '--verbose', ...written], options)
  expect(code, stdout + stderr).toBe(1)
  const report = JSON.parse(readFileSync(String(json), 'utf8')) as Report
  const violation = report.scenarios[0]?.violations.find(({ invariant }) => invariant === 'effects-exactly-once')
  if (!violation) throw new Error(`no double charge was found: ${stdout}`)
  return {
    text: stdout,
    github: readFileSync(String(github), 'utf8'),
    page: readFileSync(String(page), 'utf8'),
    violation,
  }
}

describe.each([
  ['fetch', "await fetch(url, { method: 'POST'"],
  ['axios', 'await axios.post(url'],
  ['tool', 'return await charge()'],
])('an agent that pays by %s', (client, line) => {
  it('is told what it printed, when, and where it paid', async () => {
    const { text, github, page, violation } = await foundIn(client)
    const { console, places } = violation.environment
    const printed = console?.lines.map(({ stream, text }) => `${stream}: ${text}`)
    expect(printed?.slice(0, 3)).toEqual([
      `stdout: paying with { client: '${client}' }, key [redacted]`,
      'stdout: {"level":30,"msg":"by a logger"}',
      'stdout: half a line',
    ])
    expect(printed?.some((line) => line.startsWith('stderr: again, for '))).toBe(true)
    expect(console?.lines.at(-1)).toMatchObject({ text: 'paid' })
    expect(console?.lines.at(-1)?.at).toBeGreaterThanOrEqual(1_000)
    const paid = placeOf(line)
    const calls = violation.events.flatMap((event, index) =>
      event.kind === 'call' && event.parent === null ? [index] : [],
    )
    const times = places?.filter(({ event, where }) => calls.includes(event) && where === paid)
    expect(times?.length).toBeGreaterThanOrEqual(2)
    expect(places?.some(({ where }) => where === placeOf('await new Anthropic().messages.create'))).toBe(true)
    for (const shown of [text, page]) {
      expect(shown).toContain(paid)
      expect(shown).toContain('half a line')
      expect(shown).not.toContain('4711')
    }
    expect(github).toContain(`file=${paid.replace(/:(\d+)$/, ',line=$1')},`)
  })

  it('has the same trial whether its places were looked for or not', async () => {
    const { violation } = await foundIn(client)
    const { plan, seed, digest } = violation.trial
    const file = `test/fixtures/printing/${client}.chaos.ts`
    const args = ['replay', file, '--seed', String(seed), '--plan', plan, '--json', '-']
    const { stdout, stderr } = await agentChaos(args, options)
    const replayed = JSON.parse(stdout) as { digest: string; environment: { places: unknown; console: unknown } }
    expect(replayed.digest).toBe(digest)
    expect(replayed.environment).toEqual({
      places: violation.environment.places,
      console: violation.environment.console,
    })
    // In the timeline, and as it was printed.
    expect(stderr).toContain(`  ${basename(placeOf(line))}`)
    expect(stderr).toContain("stdout: paying with { client: '")
    expect(stderr).toMatch(/^half a line$/m)
  })
})
