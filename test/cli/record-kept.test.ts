/**
 * Proves that conversations which the vendor keeps can be recorded: by the id of a response, by references to items, and in a
 * conversation of its own. The scenarios run, whatever service was told of the vendor's ids. What cannot be known is refused.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Recording } from '../../harness/contracts/recording.js'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos, type Ended } from '../support/cli/command.js'
import { keepingVendor, yesterday } from '../support/recording/keeping.js'
import { recordingProject, runRecord } from '../support/recording/project.js'
import { type RealServer, start } from '../support/recording/servers.js'
import type { Said } from '../support/recording/vendors.js'

const said: readonly Said[] = [
  [{ name: 'order', input: { orderId: '42' } }],
  [{ name: 'refund', input: { orderId: '42', cents: 4200 } }],
  'Refunded.',
]
const ways = ['chain', 'chainStreamed', 'refer', 'keepConversation', 'remember']

let shop: RealServer
let model: RealServer
let cwd: string
let recorded: Ended
let report: Report

const record = (names: readonly string[]) =>
  runRecord(
    cwd,
    names.map((name) => ({
      name,
      task: 'Refund order 42 (4200 cents).',
      agent: { file: 'kept.ts', export: name },
      file: `scenarios/${name}.chaos.ts`,
      services: { 'https://shop.example': shop.url },
    })),
    { OPENAI_API_KEY: 'of-nobody-else-01234', OPENAI_BASE_URL: `${model.url}/v1` },
  )
const recordingOf = (way: string) =>
  JSON.parse(readFileSync(join(cwd, `scenarios/${way}.recording.json`), 'utf8')) as Recording

beforeAll(async () => {
  cwd = recordingProject('kept.ts', 'shop.ts')
  let session = '{}'
  shop = await start(({ method }, body) => {
    if (method === 'PUT') session = body
    return { text: method === 'POST' ? '{"refund":"r-1"}' : session }
  })
  model = await start(keepingVendor(said))
  mkdirSync(join(cwd, 'scenarios'))
  recorded = await record(ways)
  const { stdout } = await agentChaos(
    ['run', 'scenarios', '--no-measure', '--trials-max', '60', '--json', '-', '--quiet'],
    { cwd },
  )
  report = JSON.parse(stdout) as Report
})
afterAll(() => Promise.all([shop.stop(), model.stop()]))

it('they are recorded one after the other, with what was said before', () => {
  expect(recorded).toEqual({ code: 0, stderr: '', stdout: '3 2\n3 2\n3 2\n3 2\n3 6\n' })
})

describe.each(ways)('by %s', (way) => {
  it('each question holds all that the vendor has kept, and its answer the id that goes on', () => {
    const { questions, conversations } = recordingOf(way)
    expect(questions.map(({ since, before }) => [since, before])).toEqual([
      [null, 0],
      [0, 1],
      [1, 3],
    ])
    expect(questions.map(({ ids }) => ids?.answer)).toEqual(questions.map(() => expect.stringMatching(/^resp_/)))
    expect(questions.flatMap(({ ids }) => ids?.calls ?? [])).toHaveLength(2)
    expect(conversations).toEqual(way === 'keepConversation' ? [expect.stringMatching(/^conv_/)] : undefined)
  })

  it('the scenario runs as written, and finds the agent that charges twice', () => {
    const found = report.scenarios.find(({ name }) => name === way)
    expect(found?.violations.map(({ invariant }) => invariant)).toContain('effects-exactly-once')
  })
})

it('a service is told of the very ids that it was told of when it was recorded', () => {
  const { questions, requests } = recordingOf('remember')
  const sent = requests.flatMap(({ method, body }) => (method === 'PUT' ? [body] : []))
  const { ids } = questions[0] ?? {}
  expect(sent[0]).toEqual({ last: ids?.answer, calls: ids?.calls })
})

it('an agent that goes on from a response of an earlier run is told what to do, and nothing is written', async () => {
  const { code, stderr } = await record(['resume'])
  expect(code).toBe(2)
  expect(stderr).toContain(
    `a request to openai cannot be recorded: Previous response with id '${yesterday}' not found. Only openai knows what was said ` +
      'there before: let the agent begin the conversation in the run, or send all that was said.',
  )
  expect(existsSync(join(cwd, 'scenarios/resume.chaos.ts'))).toBe(false)
})
