/** Proves that a scenario can be recorded anew without losing what its owner wrote, and that nothing is written over unasked. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Recording } from '../../harness/contracts/recording.js'
import { recordingProject, runRecord } from '../support/recording/project.js'
import { type RealServer, start } from '../support/recording/servers.js'
import { chat } from '../support/recording/vendors.js'

let model: RealServer
let cwd: string
/** What the model says; nothing where it is down. */
let said: string | undefined

const scenario = 'scenarios/answer.chaos.ts'
const named = { name: 'answer', task: 'Say it.', agent: { file: 'clients.ts', export: 'chat' } }
const file = { file: scenario }
const record = (...calls: object[]) =>
  runRecord(cwd, calls, { OPENAI_API_KEY: 'of-nobody-else-01234', OPENAI_BASE_URL: `${model.url}/v1` })
const read = (path: string) => readFileSync(join(cwd, path), 'utf8')
const readBoth = () => [read(scenario), read('scenarios/answer.recording.json')] as const
const recording = () => JSON.parse(readBoth()[1]) as Recording
const edit = (was: string, is: string) => writeFileSync(join(cwd, scenario), read(scenario).replace(was, is))

beforeAll(async () => {
  model = await start((_, body) => {
    if (said === undefined) return { status: 400, text: '{"error":{"message":"it is down"}}' }
    return chat(said, 0, (JSON.parse(body) as { stream?: boolean }).stream === true)
  })
})
beforeEach(async () => {
  cwd = recordingProject('clients.ts', 'shop.ts')
  said = 'First.'
  expect(await record({ ...named, ...file })).toMatchObject({ code: 0, stderr: '' })
})
afterAll(() => model.stop())

describe('without name, task and agent', () => {
  it('the recording is new, of what the scenario says now, and the scenario stays as its owner left it', async () => {
    edit("task: 'Say it.'", "task: 'Say it again.', // by hand")
    const [before] = readBoth()
    said = 'Second.'
    expect(await record({ ...file, force: true })).toMatchObject({ code: 0, stderr: '' })
    expect(readBoth()[0]).toBe(before)
    const [question] = recording().questions
    expect(question?.messages).toEqual([{ role: 'user', blocks: [{ kind: 'text', text: 'Say it again.' }] }])
    expect(question?.reply.blocks).toEqual([{ kind: 'text', text: 'Second.' }])
  })

  it('it is refused unless it may write over the recording, before anything is asked', async () => {
    const before = readBoth()
    const asked = model.asked.length
    const { code, stderr } = await record(file)
    expect([code, stderr]).toEqual([2, expect.stringMatching(/answer\.recording\.json is there already: force: true/)])
    expect([readBoth(), model.asked.length]).toEqual([before, asked])
  })

  it('it is refused where there is no such scenario', async () => {
    const { code, stderr } = await record({ file: 'scenarios/other.chaos.ts', force: true })
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no such scenario yet')])
  })

  it('both files stay as they were where the agent fails', async () => {
    const before = readBoth()
    said = undefined
    const { code, stderr } = await record({ ...file, force: true })
    expect([code, stderr]).toEqual([2, expect.stringContaining('400 it is down')])
    expect(readBoth()).toEqual(before)
  })
})

describe('with another name, task and agent', () => {
  const other = { name: 'other', task: 'Say more.', agent: { file: 'clients.ts', export: 'chatStreamed' } }

  it('scenario and recording are written anew, in the process that ran the other one too', async () => {
    edit("name: 'answer',", "name: 'answer', // by hand")
    const both = { ...file, force: true }
    expect(await record({ ...named, ...both }, { ...other, ...both })).toMatchObject({ code: 0, stderr: '' })
    const [text] = readBoth()
    expect(text).toContain("name: 'other'")
    expect(text).toContain("import { chatStreamed } from '../clients.js'")
    expect(text).not.toContain('by hand')
    expect(recording().questions[0]?.messages[0]?.blocks).toEqual([{ kind: 'text', text: 'Say more.' }])
    expect(model.asked.map(({ body }) => (JSON.parse(body) as { stream?: boolean }).stream).at(-1)).toBe(true)
  })

  it('it is refused unless it may write over both', async () => {
    const before = readBoth()
    const { code, stderr } = await record({ ...other, ...file })
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/answer\.chaos\.ts and .*answer\.recording\.json are there/),
    ])
    expect(readBoth()).toEqual(before)
  })

  it('all three are asked for where one is given', async () => {
    const { code, stderr } = await record({ name: 'other', ...file, force: true })
    expect([code, stderr]).toEqual([2, expect.stringContaining('task: expected a string')])
  })
})
