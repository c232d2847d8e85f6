/**
 * Style: answers are streamed, event by event, to somebody who reads along. What makes it correct: a reply counts only
 * once its `message_stop` has come and says why it ended, so that neither half a tool call is run nor half an answer
 * given out; a stream that falls silent is cut off; and a reply that broke off is asked for again from its beginning.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, say, script } from 'agent-chaos'
import {
  backoffRespected,
  breakerTrips,
  noEffectAfterStop,
  nothingLeftRunning,
  permanentErrorsNotRetried,
  retryAmplificationBounded,
  secretsNotLeaked,
  toolErrorsStructured,
  transientErrorsRetried,
} from 'agent-chaos/invariants'

interface House {
  readSensor(query: { readonly room: string }): Promise<{ readonly celsius: number }>
  setHeating(setting: { readonly room: string; readonly celsius: number }): Promise<unknown>
}

const turnsMax = 8
const silenceMsMax = 15_000
const triesMax = 4

type Reply = Pick<Anthropic.Message, 'content' | 'stop_reason'>

/** Rejects for a reply of which something is missing, however it came to its end. */
async function read(
  client: Anthropic,
  body: Anthropic.MessageCreateParamsNonStreaming,
  stop: AbortSignal,
): Promise<Reply> {
  const silence = new AbortController()
  const signal = AbortSignal.any([stop, silence.signal])
  const events = await client.messages.create({ ...body, stream: true }, { signal, timeout: 20_000 })
  let timer = setTimeout(() => silence.abort(), silenceMsMax)
  const content: Anthropic.ContentBlock[] = []
  let json = ''
  let stop_reason: Anthropic.StopReason | null = null
  try {
    for await (const event of events) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), silenceMsMax)
      if (event.type === 'message_delta') stop_reason = event.delta.stop_reason
      else if (event.type === 'message_stop' && stop_reason) return { content, stop_reason }
      else if (event.type === 'content_block_start') {
        content[event.index] = { ...event.content_block }
        json = ''
      } else if (event.type === 'content_block_delta') {
        const block = content[event.index]
        if (event.delta.type === 'text_delta' && block?.type === 'text') block.text += event.delta.text
        else if (event.delta.type === 'input_json_delta') json += event.delta.partial_json
      } else if (event.type === 'content_block_stop') {
        const block = content[event.index]
        if (block?.type === 'tool_use') block.input = JSON.parse(json || '{}')
      }
    }
  } finally {
    clearTimeout(timer)
  }
  throw new Error('the reply ended before its end')
}

async function ask(client: Anthropic, messages: Anthropic.MessageParam[], stop: AbortSignal): Promise<Reply> {
  for (let tried = 1; ; tried++) {
    try {
      return await read(client, { model: 'claude-opus-5-5', max_tokens: 2_048, messages, tools }, stop)
    } catch (error) {
      // An error event in a stream has no status, like all that breaks off; whatever has one the SDK has seen to.
      const { status } = error as { readonly status?: number }
      if (status !== undefined || stop.aborted || tried === triesMax) throw error
      await sleep(1_000 * 2 ** tried, undefined, { signal: stop })
    }
  }
}

async function housekeeper(task: string, house: House, stop: AbortSignal): Promise<string> {
  const client = new Anthropic()
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  let warmed = false
  for (let turn = 1; turn <= turnsMax; turn++) {
    const { content, stop_reason } = await ask(client, messages, stop)
    if (content.length > 0) messages.push({ role: 'assistant', content })
    if (stop_reason === 'end_turn' && warmed)
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const block of content) {
      if (block.type !== 'tool_use') continue
      const { room, celsius } = block.input as { readonly room?: unknown; readonly celsius?: unknown }
      const result = { type: 'tool_result', tool_use_id: block.id } as const
      try {
        if (typeof room !== 'string') throw wrong('a room is needed, as a text')
        if (block.name === 'readSensor') {
          results.push({ ...result, content: JSON.stringify(await twice(stop, () => house.readSensor({ room }))) })
        } else if (block.name !== 'setHeating' || typeof celsius !== 'number') {
          throw wrong('expected a tool that there is, and a number of degrees')
        } else {
          await twice(stop, () => house.setHeating({ room, celsius }))
          warmed = true
          results.push({ ...result, content: `set to ${celsius}` })
        }
      } catch (error) {
        results.push({ ...result, is_error: true, content: explain(error) })
      }
    }
    messages.push({
      role: 'user',
      content: results.length > 0 ? results : 'Go on, please: what was asked for is not done.',
    })
  }
  throw new Error('The model came to no end.')
}

/** What the model got wrong: asking for the same again is of no use. */
function wrong(message: string): Error {
  return Object.assign(new Error(message), { status: 400 })
}

/** Setting a temperature twice is setting it once, so that a second try does no harm whatever became of the first. */
async function twice<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  stop.throwIfAborted()
  try {
    return await inTime(work())
  } catch (error) {
    if (isFinal(error)) throw error
    await sleep(2_000, undefined, { signal: stop })
    return inTime(work())
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in 12 s')), 12_000)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}

function isFinal(error: unknown): boolean {
  const { status = 0 } = error as { readonly status?: number }
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

function explain(error: unknown): string {
  const recoverable = !isFinal(error)
  const suggestion = recoverable ? 'Try once more in a moment.' : 'Give up and say so.'
  return JSON.stringify({
    error_type: recoverable ? 'device_unreachable' : 'refused',
    recoverable,
    suggestion,
    message: `${error}`,
  })
}

const tools: Anthropic.Tool[] = [
  {
    name: 'readSensor',
    description: 'Reads the temperature of a room.',
    input_schema: schema({ room: { type: 'string' } }),
  },
  {
    name: 'setHeating',
    description: 'Sets the heating of a room.',
    input_schema: schema({ room: { type: 'string' }, celsius: { type: 'number' } }),
  },
]

function schema(properties: Readonly<Record<string, object>>): Anthropic.Tool.InputSchema {
  return { type: 'object', properties, required: Object.keys(properties) }
}

const answer = 'It was 17 degrees in the study. The heating is now set to 21 degrees.'

export default defineScenario({
  name: 'streaming',
  task: 'Is it cold in the study? Set the heating to 21 degrees there and tell me how cold it was.',
  state: () => ({ heating: {} as Record<string, number> }),
  world: ({ state, effect }) => ({
    tools: {
      readSensor: async () => ({ celsius: 17 }),
      // The thermostat takes the same setting again for the same: its key is the setting itself.
      setHeating: ({ room, celsius }: { readonly room: string; readonly celsius: number }) =>
        effect({ kind: 'heating', intent: room, key: `${room}=${celsius}`, payload: { celsius } }, () => {
          state.heating[room] = celsius
        }),
    },
  }),
  model: script([
    call('readSensor', { room: 'study' }),
    call('setHeating', { room: 'study', celsius: 21 }),
    say(answer),
  ]),
  agent: ({ task, tools: house, signal }) => housekeeper(task, house, signal),
  goal: ({ state }) => state.heating.study === 21,
  intents: [{ kind: 'heating', id: 'study' }],
  invariants: [
    breakerTrips({ turns: turnsMax }),
    toolErrorsStructured(),
    backoffRespected(),
    permanentErrorsNotRetried(),
    transientErrorsRetried(),
    retryAmplificationBounded({ requests: 12 }),
    noEffectAfterStop(),
    nothingLeftRunning(),
    secretsNotLeaked(),
  ],
  budget: { reliability: 0.95, spend: { turns: 8, tokens: 20_000, usd: 0.25, seconds: 240 } },
})
