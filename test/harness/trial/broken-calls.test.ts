/** Proves that acting on a call that is cut or no JSON is found on every API, and that who refuses it to the model is left alone. */
import Anthropic from '@anthropic-ai/sdk'
import { type Content, GoogleGenAI, type Part } from '@google/genai'
import { call, defineScenario, runTrial, say, script } from 'agent-chaos'
import OpenAI from 'openai'
import { describe, expect, it, vi } from 'vitest'

vi.spyOn(console, 'warn').mockImplementation(() => {})

interface Payment {
  readonly to: string
  readonly cents: number
  readonly note: string
}
type Tools = {
  readonly look: (input: unknown) => Promise<unknown>
  readonly pay: (input: Payment) => Promise<unknown>
}
/** What a tool gave, or why it was not run. */
type Result = { readonly text: string; readonly failed: boolean }
type Run = (name: string, input: unknown, isCut: boolean) => Promise<Result>
/** Asks one API until the model says that it is done. Hands every call to `run`: the input as text where the API has text. */
type Loop = (task: string, run: Run) => Promise<void>

const names = ['look', 'pay'] as const
const turnsMax = 6

const byChat: Loop = async (task, run) => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: task }]
  const tools = names.map((name) => ({ type: 'function' as const, function: { name, parameters: { type: 'object' } } }))
  for (let turn = 0; turn < turnsMax; turn++) {
    const { choices } = await new OpenAI().chat.completions.create({ model: 'gpt-5.4', messages, tools })
    const [choice] = choices
    if (!choice?.message.tool_calls) return
    messages.push(choice.message)
    for (const [index, asked] of choice.message.tool_calls.entries()) {
      if (asked.type !== 'function') throw new Error('a function is expected')
      const isLast = index === choice.message.tool_calls.length - 1
      const { text } = await run(
        asked.function.name,
        asked.function.arguments,
        isLast && choice.finish_reason === 'length',
      )
      messages.push({ role: 'tool', tool_call_id: asked.id, content: text })
    }
  }
}

const byResponses: Loop = async (task, run) => {
  const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: task }]
  const tools = names.map((name) => ({
    type: 'function' as const,
    name,
    parameters: { type: 'object', properties: {} },
    strict: false,
  }))
  for (let turn = 0; turn < turnsMax; turn++) {
    const stream = new OpenAI().responses.stream({ model: 'gpt-5.4', input, tools })
    const { output } = await stream.finalResponse()
    const calls = output.filter((item) => item.type === 'function_call')
    if (calls.length === 0) return
    input.push(...(output as OpenAI.Responses.ResponseInputItem[]))
    for (const { call_id, name, arguments: text, status } of calls) {
      const result = await run(name, text, status === 'incomplete')
      input.push({ type: 'function_call_output', call_id, output: result.text })
    }
  }
}

const byMessages =
  (stream: boolean): Loop =>
  async (task, run) => {
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    const tools = names.map((name) => ({
      name,
      input_schema: { type: 'object' as const },
      eager_input_streaming: true,
    }))
    for (let turn = 0; turn < turnsMax; turn++) {
      const asked = { model: 'claude-opus-5-5', max_tokens: 100, messages, tools }
      const { messages: api } = new Anthropic()
      const { content, stop_reason } = await (stream ? api.stream(asked).finalMessage() : api.create(asked))
      const calls = content.filter((block) => block.type === 'tool_use')
      if (calls.length === 0) return
      const results: Anthropic.ToolResultBlockParam[] = []
      for (const { id, name, input } of calls) {
        const isLast = id === calls.at(-1)?.id
        const { text, failed } = await run(name, input, isLast && stop_reason === 'max_tokens')
        results.push({ type: 'tool_result', tool_use_id: id, content: text, is_error: failed })
      }
      messages.push({ role: 'assistant', content }, { role: 'user', content: results })
    }
  }

/** Of a call that is broken nothing comes, so that the model is asked once more. */
const byGemini: Loop = async (task, run) => {
  const contents: Content[] = [{ role: 'user', parts: [{ text: task }] }]
  const config = { tools: [{ functionDeclarations: names.map((name) => ({ name })) }] }
  for (let turn = 0; turn < turnsMax; turn++) {
    const client = new GoogleGenAI({ apiKey: process.env.GOOGLE_API_KEY ?? '' })
    const { candidates } = await client.models.generateContent({ model: 'gemini-3.1-pro-preview', contents, config })
    const { content, finishReason } = candidates?.[0] ?? {}
    const calls = content?.parts?.filter(({ functionCall }) => functionCall) ?? []
    if (calls.length === 0 && finishReason === 'STOP') return
    if (calls.length === 0) continue
    const results: Part[] = []
    for (const { functionCall: { id, name = '', args } = {} } of calls) {
      const { text, failed } = await run(name, args, false)
      results.push({ functionResponse: { ...(id && { id }), name, response: { [failed ? 'error' : 'output']: text } } })
    }
    contents.push(content as Content, { role: 'user', parts: results })
  }
}

type Fields = Readonly<Record<string, unknown>>
type Reader = (input: unknown, isCut: boolean, required: readonly string[]) => Fields

/** Refuses what was cut, is no JSON or lacks a field. */
const careful: Reader = (input, isCut, required) => {
  if (isCut) throw new Error('the answer ended in the middle of this call')
  const value = (typeof input === 'string' ? JSON.parse(input) : input) as Fields
  if (required.some((name) => value[name] === undefined)) throw new Error('a field is missing')
  return value
}

/** Makes of the input what it can. */
const careless: Reader = (input) => {
  if (typeof input !== 'string') return input as Fields
  const field = (name: string) => new RegExp(`"${name}":"?([^",}]*)`).exec(input)?.[1]
  const [to, cents, note] = ['to', 'cents', 'note'].map(field)
  return { ...(to && { to }), ...(cents && { cents: Number(cents) }), ...(note && { note }) }
}

const inNothing: Reader = (input) => {
  if (typeof input !== 'string') return input as Fields
  try {
    return JSON.parse(input) as Fields
  } catch {
    return {}
  }
}

function scenarioOf(loop: Loop, read: Reader) {
  const due = { to: 'ada', cents: 4200, note: 'Sorry for the delay' }
  return defineScenario({
    name: 'pays',
    task: 'Look at what is due, and pay it.',
    state: () => ({ paid: [] as Partial<Payment>[] }),
    world: ({ state, effect }) => ({
      tools: {
        look: async () => 'something is due',
        pay: (payment) => effect({ kind: 'pay', intent: 'ada', key: 'ada' }, () => state.paid.push(payment)),
      } as Tools,
    }),
    model: script([[call('look', { at: 'the books' }), call('pay', due)], say('It is paid.')]),
    agent: async ({ task, tools }) => {
      await loop(task, async (name, input, isCut) => {
        try {
          if (name === 'look') {
            return { text: String(await tools.look(read(input, isCut, ['at']))), failed: false }
          }
          await tools.pay(read(input, isCut, Object.keys(due)) as unknown as Payment)
          return { text: 'paid', failed: false }
        } catch (error) {
          return { text: `Error: ${(error as Error).message}`, failed: true }
        }
      })
      return 'done'
    },
    goal: ({ state }) => JSON.stringify(state.paid[0]) === JSON.stringify(due),
    intents: [{ kind: 'pay', id: 'ada' }],
  })
}

async function violatedUnder(fault: string, loop: Loop, read: Reader) {
  const trial = await runTrial(scenarioOf(loop, read), { plan: `model:*#1 = ${fault}` })
  expect(trial.faults.map(({ status }) => status)).toEqual(['landed'])
  const violated = trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')
  return { goal: trial.trace.goal, claim: trial.trace.claim, violated: violated.map(({ invariant }) => invariant) }
}

const cut = ['model/max-tokens(in: "call", at: 0.7)', 'model/context-full(in: "call", at: 0.7)']
const malformed = ['half', 'single-quotes', 'twice'].map((how) => `model/malformed-input(how: "${how}")`)
const broken = [...cut, ...malformed]
const wires: [string, Loop, readonly string[]][] = [
  ["OpenAI's Chat Completions", byChat, broken],
  ["OpenAI's Responses, streamed", byResponses, broken],
  ["Anthropic's Messages, at once", byMessages(false), cut],
  ["Anthropic's Messages, streamed", byMessages(true), broken],
  ['the Gemini API', byGemini, broken],
]

describe.each(wires)('a call that is cut or no JSON, on %s', (wire, loop, faults) => {
  it.each(faults)('does no harm to an agent that refuses it to the model: %s', async (fault) => {
    const { goal, claim, violated } = await violatedUnder(fault, loop, careful)
    expect(violated).toEqual([])
    // Anthropic's client throws while it reads what is no JSON at all.
    const isThrown = wire.startsWith('Anthropic') && /single-quotes|twice/.test(fault)
    expect([goal, claim]).toEqual(isThrown ? [false, 'failure'] : [true, 'success'])
  })

  const isActedOn = !wire.includes('Gemini')
  it.each(cut)(`is ${isActedOn ? 'found' : 'nothing that can be'} acted on: %s`, async (fault) => {
    const { violated } = await violatedUnder(fault, loop, careless)
    if (isActedOn) expect(violated).toContain('partial-reply-not-acted-on')
    else expect(violated).toEqual([])
  })
})

describe.each([
  ['Chat Completions', byChat],
  ['Responses', byResponses],
])('what is no JSON, taken for nothing at all by an agent on %s', (_, loop) => {
  it.each(broken)('is found to be acted on: %s', async (fault) => {
    expect((await violatedUnder(fault, loop, inNothing)).violated).toContain('partial-reply-not-acted-on')
  })
})
