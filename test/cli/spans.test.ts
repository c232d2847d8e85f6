/** Spans on the command line: in every process the same, across hard crashes too, and written for Jaeger. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { EventOf, Trace } from '../../harness/contracts/trace.js'
import { agentChaos } from '../support/cli/command.js'

const hard = 'test/fixtures/traced/hard.chaos.ts'
const untraced = 'test/fixtures/traced/untraced.chaos.ts'
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-'))
const file = (name: string) => join(folder, name)
const text = (name: string) => readFileSync(file(name), 'utf8')

afterAll(() => rmSync(folder, { recursive: true }))

describe('spans', () => {
  it('go on being numbered in the process that goes on with the trial', async () => {
    const replay = async () => {
      const { stdout, stderr } = await agentChaos(['replay', hard, '--plan', 'tool:put#1=process/crash', '--json', '-'])
      return JSON.parse(stdout || stderr) as { digest: string; trace: Trace; judgements: unknown[] }
    }
    const [first, second] = [await replay(), await replay()]
    const spans = first.trace.events.filter((event): event is EventOf<'span'> => event.kind === 'span')
    expect(spans.map(({ name, span, parent, trace }) => [name.split('.')[0], span, parent, trace])).toEqual([
      ['anthropic', 1, 0, 0],
      ['anthropic', 4, 3, 1],
      ['execute_tool put', 5, 3, 1],
      ['anthropic', 6, 3, 1],
      ['invoke_agent 2', 3, null, 1],
    ])
    expect(first.judgements).toContainEqual({ invariant: 'trace-complete', verdict: { kind: 'held' } })
    expect(second.digest).toBe(first.digest)
  })
})

describe('--otlp', () => {
  const plan = 'tool:put#1=tool/bad-request'

  it('writes a replayed trial, in the same bytes each time', async () => {
    const { code } = await agentChaos(['replay', untraced, '--plan', plan, '--otlp', file('first.json')])
    const { stdout, stderr } = await agentChaos(['replay', untraced, '--plan', plan, '--otlp', '-'])
    expect(code).toBe(1)
    expect(text('first.json')).toBe(stdout)
    expect(stderr).toContain('trace-complete: violated')
    const names = [...stdout.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name)
    expect(names).toEqual(expect.arrayContaining(['trial untraced-failures', 'tool:put#1', 'fault tool/bad-request']))
  })

  it('writes the minimal trial of the first violation that a run finds', async () => {
    const { code } = await agentChaos(['run', untraced, '--otlp', file('run.json'), '--quiet'])
    expect(code).toBe(1)
    const [root] = JSON.parse(text('run.json')).resourceSpans[0].scopeSpans[0].spans
    expect(root.name).toBe('trial untraced-failures')
    expect(root.status).toMatchObject({
      code: 2,
      message: expect.stringMatching(/^trace-complete: A call to tool:put/),
    })
    expect(root.attributes).toContainEqual({
      key: 'agent_chaos.plan',
      value: { stringValue: 'tool:put#1 = tool/bad-request' },
    })
    // The same trial replayed has the same ids.
    expect(text('first.json')).toContain(root.traceId)
  })

  it('writes a request without a trace where nothing failed', async () => {
    const { code, stderr } = await agentChaos([
      'run',
      hard,
      '--otlp',
      file('none.json'),
      '--trials-max',
      '2',
      '--quiet',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(text('none.json')).toBe('{"resourceSpans":[]}\n')
  })

  it('shares standard output with nothing else', async () => {
    const refusals = {
      run: '--otlp would write to -, where another report goes',
      replay: '--json and --otlp cannot both go to standard output',
    }
    for (const [command, refusal] of Object.entries(refusals)) {
      const { code, stderr } = await agentChaos([command, hard, '--otlp', '-', '--json', '-'])
      expect(code).toBe(2)
      expect(stderr).toContain(refusal)
    }
  })
})
