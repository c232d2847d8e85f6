/**
 * Proves that what the vendors' own clients ask and are answered can be recorded, whole and streamed, with thoughts that only
 * the vendor can read and calls that it gives no id; that the scenarios run and find the planted bug; and all of it with a
 * service over HTTPS.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Recording } from '../../harness/contracts/recording.js'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended } from '../support/cli/command.js'
import { certify } from '../support/recording/certificate.js'
import { recordingProject, runRecord } from '../support/recording/project.js'
import { type RealServer, start } from '../support/recording/servers.js'
import { chat, generateContent, messages, responses, type Said, type Vendor } from '../support/recording/vendors.js'

const order = (orderId: string) => ({ name: 'order', input: { orderId } })
const refund = { name: 'refund', input: { orderId: '42', cents: 4200 } }
/** Two calls of one tool in the first answer. */
const conversation: readonly Said[] = [[order('42'), order('43')], [refund], 'Refunded.']
const ways = ['chat', 'chatStreamed', 'responses', 'responsesStreamed', 'gemini', 'geminiStreamed', 'thinking']

let shop: RealServer
let model: RealServer
let cwd: string
let recorded: Ended
let report: Report

const vendorAt = (path: string): Vendor => {
  if (path.endsWith('/chat/completions')) return chat
  if (path.endsWith('/responses')) return responses
  return path.includes('/v1beta/') ? generateContent : messages
}
const callOf = (way: string) => ({
  name: way,
  task: 'Refund order 42 (4200 cents).',
  agent: { file: 'clients.ts', export: way },
  file: `scenarios/${way}.chaos.ts`,
  services: { 'https://shop.example': shop.url },
})
const record = (calls: readonly object[], env: Readonly<Record<string, string>> = {}) => {
  const keys = ['OPENAI_API_KEY', 'GEMINI_API_KEY', 'ANTHROPIC_API_KEY'].map((name) => [name, 'of-nobody-else-01234'])
  const bases = { OPENAI_BASE_URL: `${model.url}/v1`, GOOGLE_GEMINI_BASE_URL: model.url, ANTHROPIC_BASE_URL: model.url }
  return runRecord(cwd, calls, { ...Object.fromEntries(keys), ...bases, ...env })
}

beforeAll(async () => {
  cwd = recordingProject('clients.ts', 'shop.ts')
  const certified = certify()
  shop = await start(({ method, url = '' }) => {
    if (method === 'GET') return { text: JSON.stringify({ id: url.slice('/orders/'.length), cents: 4200 }) }
    return { status: 201, text: JSON.stringify({ refund: 'r-1' }) }
  }, certified)
  let turn = 0
  model = await start(({ url = '' }, body) => {
    const number = turn++ % conversation.length
    const stream = url.includes(':stream') || (JSON.parse(body) as { stream?: boolean }).stream === true
    return vendorAt(url)(conversation[number] as Said, number, stream)
  })
  writeFileSync(join(cwd, 'shop.pem'), certified.cert)
  recorded = await record(ways.map(callOf), { NODE_EXTRA_CA_CERTS: join(cwd, 'shop.pem') })
  mkdirSync(join(cwd, 'scenarios'), { recursive: true })
  const { stdout } = await agentChaos(
    ['run', 'scenarios', '--no-measure', '--trials-max', '40', '--json', '-', '--quiet'],
    { cwd },
  )
  report = JSON.parse(stdout) as Report
})
afterAll(() => Promise.all([shop.stop(), model.stop()]))

it('they are recorded one after the other, in one process', () => {
  expect(recorded).toEqual({ code: 0, stderr: '', stdout: '3 3\n'.repeat(ways.length) })
  expect(shop.asked.map(({ line }) => line)).toEqual(
    ways.flatMap(() => ['GET /orders/42', 'GET /orders/43', 'POST /refunds']),
  )
})

describe.each(ways)('by %s', (way) => {
  it('all that was said is written, each call with its result', () => {
    const text = readFileSync(join(cwd, `scenarios/${way}.recording.json`), 'utf8')
    const { questions, requests } = JSON.parse(text) as Recording
    const places = questions.map(({ since, before }) => [since, before])
    expect(places).toEqual([
      [null, 0],
      [0, 1],
      [1, 3],
    ])
    const said = questions.map(({ reply: { blocks } }) =>
      blocks.map((block) => (block.kind === 'tool-call' ? { name: block.name, input: block.input } : block)),
    )
    expect(said).toEqual([...conversation.slice(0, -1), [{ kind: 'text', text: 'Refunded.' }]])
    expect(questions.map(({ reply }) => reply.stop)).toEqual(['tool-use', 'tool-use', 'end-turn'])
    const ids = questions.flatMap(({ reply }) => reply.blocks.flatMap((block) => ('id' in block ? block.id : [])))
    const answered = questions.flatMap(({ messages }) => messages.flatMap(({ blocks }) => blocks))
    expect(new Set(ids).size).toBe(3)
    expect(answered.flatMap((block) => (block.kind === 'tool-result' ? block.id : []))).toEqual(ids)
    expect(requests.map(({ method, url }) => [method, url])).toEqual([
      ['GET', 'https://shop.example/orders/42'],
      ['GET', 'https://shop.example/orders/43'],
      ['POST', 'https://shop.example/refunds'],
    ])
  })

  it('the scenario runs as written, and finds the agent that charges twice', () => {
    const found = report.scenarios.find(({ name }) => name === way)
    expect(found?.violations.map(({ invariant }) => invariant)).toContain('effects-exactly-once')
  })
})

it('a server whose certificate nobody knows is named, and nothing is written', async () => {
  const { code, stderr } = await record([{ ...callOf('chat'), file: 'scenarios/unknown.chaos.ts' }])
  expect(code).toBe(2)
  expect(stderr).toContain('the agent failed when it ran for real: ')
  expect(stderr).toContain('(GET https://shop.example/orders/42: self-signed certificate)')
})
