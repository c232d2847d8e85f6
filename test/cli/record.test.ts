/** Proves that a scenario comes from what really happened: it runs as written, finds a planted bug, and holds no secret. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../../harness/contracts/conversation.js'
import type { Recording } from '../../harness/contracts/recording.js'
import type { Report } from '../../harness/contracts/report/report.js'
import { anthropic } from '../../harness/providers/anthropic/index.js'
import { agentChaos } from '../support/cli/command.js'
import { recordingProject, runRecord } from '../support/recording/project.js'
import { type RealServer, start, startModel } from '../support/recording/servers.js'

const modelKey = 'sk-ant-api03-of-nobody-else-0123456789abcdef'
const shopToken = 'of-nobody-else-either-0123456789'
const calling = (name: string, input: Record<string, string | number>): Reply => ({
  blocks: [
    { kind: 'text', text: 'One moment.' },
    { kind: 'tool-call', id: `toolu_01REAL${name}`, name, input },
  ],
  stop: 'tool-use',
})
const replies: readonly Reply[] = [
  calling('order', { orderId: '42' }),
  calling('refund', { orderId: '42', cents: 4200 }),
  { blocks: [{ kind: 'text', text: 'Refunded.' }], stop: 'end-turn' },
]

let model: RealServer
let shop: RealServer
let cwd: string

const recording = (options: object = {}) => {
  const call = {
    name: 'refund',
    task: 'Refund order 42 (4200 cents).',
    agent: { file: 'agent.ts', export: 'refundAgent' },
    file: 'scenarios/refund.chaos.ts',
    services: { 'http://shop.example': shop.url },
    ...options,
  }
  return runRecord(cwd, [call], {
    ANTHROPIC_API_KEY: modelKey,
    ANTHROPIC_BASE_URL: model.url,
    SHOP_TOKEN: shopToken,
  })
}
const read = (file: string) => readFileSync(join(cwd, file), 'utf8')
const run = (...more: string[]) =>
  agentChaos(['run', 'scenarios/refund.chaos.ts', '--no-measure', '--json', 'report.json', ...more], { cwd })

beforeAll(async () => {
  cwd = recordingProject('agent.ts')
  model = await startModel(anthropic.apis.messages as (typeof anthropic)['apis'][string], replies)
  shop = await start(({ method }) =>
    method === 'GET'
      ? { text: JSON.stringify({ id: '42', cents: 4200, apiToken: shopToken }) }
      : { status: 201, text: JSON.stringify({ refund: 'r-1', at: new Date().toISOString() }) },
  )
})
afterAll(async () => {
  await Promise.all([model.stop(), shop.stop()])
})

describe('record()', () => {
  it('runs the agent once for real, with its own key, and writes what passed', async () => {
    const { code, stdout, stderr } = await recording()
    expect([code, stderr, stdout]).toEqual([0, '', '3 2\n'])
    expect(model.asked.map(({ key }) => key)).toEqual(replies.map(() => `Bearer ${modelKey}`))
    expect(shop.asked.map(({ line, key }) => [line, key])).toEqual([
      ['GET /orders/42', `Bearer ${shopToken}`],
      ['POST /refunds', `Bearer ${shopToken}`],
    ])
    const { questions, requests } = JSON.parse(read('scenarios/refund.recording.json')) as Recording
    expect(questions.map(({ since, before }) => [since, before])).toEqual([
      [null, 0],
      [0, 1],
      [1, 3],
    ])
    expect(questions[1]?.reply).toEqual({
      blocks: [
        { kind: 'text', text: 'One moment.' },
        expect.objectContaining({ kind: 'tool-call', name: 'refund', input: { orderId: '42', cents: 4200 } }),
      ],
      stop: 'tool-use',
    })
    expect(requests.map(({ method, url, changes, answer }) => [method, url, changes, answer.status])).toEqual([
      ['GET', 'http://shop.example/orders/42', false, 200],
      ['POST', 'http://shop.example/refunds', true, 201],
    ])
  })

  it('keeps no secret: neither of the environment, nor of headers, nor what a service tells', () => {
    const written = read('scenarios/refund.recording.json') + read('scenarios/refund.chaos.ts')
    expect(written).toContain('[redacted]')
    expect(written).not.toContain('of-nobody-else')
  })

  it('writes over nothing unless it is said', async () => {
    const before = read('scenarios/refund.recording.json')
    const { code, stderr } = await recording()
    expect([code, read('scenarios/refund.recording.json')]).toEqual([2, before])
    expect(stderr).toContain('are there already: force: true writes over')
  })

  it('leaves nothing behind where the agent fails', async () => {
    // The model has no more to say.
    const { code, stderr } = await recording({ file: 'scenarios/second.chaos.ts' })
    expect([code, stderr]).toEqual([2, expect.stringContaining('the agent failed when it ran for real')])
    expect(['chaos.ts', 'recording.json'].map((end) => existsSync(join(cwd, `scenarios/second.${end}`)))).toEqual([
      false,
      false,
    ])
  })
})

describe('the scenario that was written', () => {
  it('runs as it is, and finds the agent that charges twice', async () => {
    const { code, stdout, stderr } = await run()
    const { scenarios } = JSON.parse(read('report.json')) as Report
    expect([code, stderr], stdout).toEqual([1, expect.any(String)])
    expect(scenarios[0]).toMatchObject({ name: 'refund', verdict: 'violated' })
    expect(scenarios[0]?.violations.map(({ invariant }) => invariant)).toContain('effects-exactly-once')
    expect(model.asked.length).toBeLessThan(10)
  })

  it('leaves an agent alone that tries nothing again', async () => {
    const agent = read('agent.ts')
    writeFileSync(join(cwd, 'agent.ts'), agent.replace('.catch(() => run(name, input))', ''))
    const scenario = read('scenarios/refund.chaos.ts')
    const faced = "faults: ['http/reply-lost', 'http/unavailable', 'model/overloaded'],"
    writeFileSync(
      join(cwd, 'scenarios/refund.chaos.ts'),
      scenario.replace("  name: 'refund',", `  name: 'refund',\n  ${faced}`),
    )
    const { code, stdout, stderr } = await run()
    writeFileSync(join(cwd, 'agent.ts'), agent)
    writeFileSync(join(cwd, 'scenarios/refund.chaos.ts'), scenario)
    expect(code, stdout + stderr).toBe(0)
  })

  it('is refused with the line where its recording was altered by hand', async () => {
    const recorded = read('scenarios/refund.recording.json')
    const altered = recorded.replace('"changes": true', '"chang\\u001bes": "yes"')
    writeFileSync(join(cwd, 'scenarios/refund.recording.json'), altered)
    const { code, stdout, stderr } = await run()
    writeFileSync(join(cwd, 'scenarios/refund.recording.json'), recorded)
    expect(code).toBe(2)
    const shown = (stdout + stderr).replaceAll(/\s+/g, ' ')
    expect(shown).toMatch(/refund\.recording\.json:\d+/)
    expect(shown).toContain('no such field is known. Did you mean "changes"?')
    expect(stdout + stderr).not.toContain('\u001b')
  })

  it.each([
    ['the prompt', 'Your key is', 'Thy key is', /system differs: recorded "Today is .*", got "Today is .*Thy key/],
    ['what it asks a service', '`/orders/', '`/order/', /path differs: recorded "\/orders\/42", got "\/order\/42"/],
  ])('names the first field that differs where the agent has changed %s', async (_, was, is, told) => {
    const agent = read('agent.ts')
    writeFileSync(join(cwd, 'agent.ts'), agent.replace(was, is))
    const { code, stdout, stderr } = await run()
    writeFileSync(join(cwd, 'agent.ts'), agent)
    expect(code).toBe(2)
    expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toMatch(told)
  })
})
