/**
 * Whatever stands in a recording, it is refused with its line, or a trial runs from it to an end. A mistake that shows only then is told as
 * the user's, and none as a bug. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import 'agent-chaos/register'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnyScenario, defineScenario, isUserError, recordingIn, runTrial, type Trial } from 'agent-chaos'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { alteredBytes, alteredLines, fuzzing, mutate, nearbyJson, somewhere, writeJson } from '../support/laws/odd.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-recordings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = join(folder, 'refund.recording.json')
const shop = 'https://shop.example'
const messages = 'https://api.anthropic.com/v1/messages'
const task = 'Refund order 42.'
const headers = {
  'content-type': 'application/json',
  'x-api-key': 'sk-ant-simulated',
  'anthropic-version': '2023-06-01',
}

interface Use {
  readonly type: string
  readonly id: string
  readonly name: string
  readonly input: unknown
}

/** As many are: it does what the model says, and goes on where that fails. */
async function agent(): Promise<string> {
  const said: object[] = [{ role: 'user', content: task }]
  for (let turn = 0; turn < 4; turn++) {
    const tools = ['order', 'refund'].map((name) => ({ name, input_schema: { type: 'object' } }))
    const body = JSON.stringify({
      model: 'claude-opus-4-5',
      max_tokens: 100,
      system: 'Be quick.',
      messages: said,
      tools,
    })
    const response = await fetch(messages, { method: 'POST', headers, body })
    if (!response.ok) return `the model answered ${response.status}`
    const { content } = (await response.json()) as { content: Use[] }
    said.push({ role: 'assistant', content })
    const uses = content.filter(({ type }) => type === 'tool_use')
    if (uses.length === 0) return 'done'
    const results = await Promise.all(
      uses.map(async (use) => ({ type: 'tool_result', tool_use_id: use.id, content: await ask(use) })),
    )
    said.push({ role: 'user', content: results })
  }
  return 'too long'
}

async function ask({ name, input }: Use): Promise<string> {
  const { at = 'none' } = Object(input) as { at?: unknown }
  const keyed = { ...headers, 'idempotency-key': 'one' }
  const question = name === 'order' ? {} : { method: 'POST', headers: keyed, body: JSON.stringify(input) }
  const response = await fetch(`${shop}/${name === 'order' ? String(at) : 'refunds'}`, question)
  return response.text()
}

const conversation = { model: 'claude-opus-4-5', system: 'Be quick.', tools: ['order', 'refund'] }
const calling = (id: string, name: string, input: object) => ({
  blocks: [
    { kind: 'text', text: 'Wait.' },
    { kind: 'tool-call', id, name, input },
  ],
  stop: 'tool-use',
})
const after = (id: string, reply: object, text: string) => [
  { role: 'assistant', blocks: (reply as { blocks: object[] }).blocks },
  { role: 'user', blocks: [{ kind: 'tool-result', id, failed: false, text }] },
]
const [first, second] = [calling('toolu_1', 'order', { at: '42' }), calling('toolu_2', 'refund', { cents: 4200 })]

const sound = {
  agentChaosRecording: 1,
  conversations: [],
  questions: [
    {
      ...conversation,
      since: null,
      before: 0,
      messages: [{ role: 'user', blocks: [{ kind: 'text', text: task }] }],
      reply: first,
      ids: { calls: ['toolu_1'] },
    },
    {
      ...conversation,
      since: 0,
      before: 1,
      messages: after('toolu_1', first, '{"cents":4200}'),
      reply: second,
      ids: { answer: 'msg_2', calls: ['toolu_2'] },
    },
    {
      ...conversation,
      since: 1,
      before: 3,
      messages: after('toolu_2', second, 'ok'),
      reply: { blocks: [{ kind: 'text', text: 'Done.' }], stop: 'end-turn' },
    },
  ],
  requests: [
    {
      method: 'GET',
      url: `${shop}/42`,
      changes: false,
      answer: { status: 200, headers: { 'content-type': 'application/json' }, json: { cents: 4200 } },
    },
    {
      method: 'POST',
      url: `${shop}/refunds`,
      body: { cents: 4200 },
      keyed: true,
      changes: true,
      answer: { status: 201, body: 'ok', encoding: 'latin1' },
    },
  ],
}

/** A sentence for what is refused when it is read, or what came of a trial. */
async function tryIt(content: string | Uint8Array, plan: string): Promise<Trial | string> {
  writeFileSync(file, content)
  let options: ReturnType<typeof recordingIn>
  try {
    options = recordingIn(file)
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).toMatch(/^expected a recording, as record\(\) writes one/)
    expect(error.where).toMatch(/recording\.json:[1-9]\d*$/)
    return error.message
  }
  try {
    const scenario = defineScenario({
      name: 'refund',
      task,
      ...options,
      agent,
      budget: { spend: { turns: 9 } },
    } as never)
    const trial = await runTrial(scenario as AnyScenario, { plan })
    expect(() => JSON.stringify(trial.trace)).not.toThrow()
    return trial
  } catch (error) {
    if (!isUserError(error)) throw error
    // A model that throws is the user's to repair; ours never does so by a slip.
    expect(error.message).not.toMatch(/Cannot |is not (?:a function|iterable)|Maximum call|Invalid /)
    return error.message
  }
}

const plan = fc.constantFrom(
  '',
  `model:*#1 = model/overloaded`,
  'http:"GET shop.example/42"#1 = http/unavailable',
  'model:*#2 = model/unknown-tool',
)
/** Most of it stands in questions and requests. */
const place = fc.oneof(
  { weight: 1, arbitrary: somewhere },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(2, 3), somewhere).map(([which, inside]) => [which, ...inside]) },
)
const value = fc.oneof(
  nearbyJson,
  fc.constantFrom<unknown>(
    100,
    204,
    304,
    999,
    'HEAD',
    'user',
    'tool-call',
    'refusal',
    'latin1',
    'toolu_1',
    messages,
    'a b',
    'é\n',
    {},
    [],
  ),
)
const alteration = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.tuple(place, value), { minLength: 1, maxLength: 2 })
      .map(
        (changes) => (text: string) =>
          writeJson(changes.reduce<unknown>((all, [path, value]) => mutate(all, path, value), JSON.parse(text))),
      ),
  },
  { weight: 1, arbitrary: alteredLines.map((alter) => (text: string) => alter(text.split('\n')).join('\n')) },
  { weight: 1, arbitrary: alteredBytes.map((alter) => (text: string) => alter(Buffer.from(text))) },
)

describe('a recording', () => {
  const text = JSON.stringify(sound, null, 2)

  it('as it is, leads to a trial that passes: what is tried below is odd, and nothing else', async () => {
    const trial = await tryIt(text, '')
    expect(typeof trial === 'string' ? trial : [trial.trace.goal, trial.trace.end.kind]).toEqual([true, 'returned'])
  })

  it('of anything is refused with its line, or leads to a trial that ends', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(alteration, plan, async (alter, plan) => {
        const came = await tryIt(alter(text), plan)
        if (typeof came !== 'string') run++
      }),
      fuzzing(300),
    )
    expect(run).toBeGreaterThan(0)
  })
})
