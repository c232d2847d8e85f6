/** Agents on Anthropic's SDK: a loop of their own, whole and streamed, and the SDK's. */
import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import { type Ask, description, parameters } from '../desk.js'

const model = 'claude-opus-5-5'
const max_tokens = 1024
const name = 'send_notification'
const tools = [{ name, description, input_schema: parameters }]

type Ways = Pick<Anthropic.Messages, 'create' | 'stream'>
type Turn = (
  messages: Ways,
  params: Anthropic.MessageCreateParamsNonStreaming,
  signal: AbortSignal | undefined,
  run: (block: Anthropic.ContentBlock) => void,
) => Promise<Anthropic.Message>

/** A loop as the vendor's documentation has it, which asks by `turn`. */
function loop(turn: Turn) {
  return async ({ task, send, instrument, signal, turnsMax = Number.POSITIVE_INFINITY }: Ask) => {
    const client = new Anthropic()
    const own: Readonly<Record<string, Ask['send']>> = instrument({ [name]: send })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (let turns = 0; turns < turnsMax; turns++) {
      const begun = new Map<string, Promise<Anthropic.ToolResultBlockParam>>()
      const run = (block: Anthropic.ContentBlock) => {
        if (block.type === 'tool_use' && !begun.has(block.id)) begun.set(block.id, resultOf(own, block))
      }
      const reply = await turn(client.messages, { model, max_tokens, messages, tools }, signal, run).catch(
        async (error) => {
          // What was begun goes on, whatever becomes of the stream.
          await Promise.all(begun.values())
          throw error
        },
      )
      messages.push({ role: 'assistant', content: reply.content })
      if (reply.stop_reason !== 'tool_use')
        return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
      for (const block of reply.content) {
        run(block)
        await (block.type === 'tool_use' && begun.get(block.id))
      }
      messages.push({ role: 'user', content: await Promise.all(begun.values()) })
    }
    throw new Error(`No answer after ${turnsMax} turns.`)
  }
}

async function resultOf(
  own: Readonly<Record<string, Ask['send']>>,
  { id: tool_use_id, name, input }: Anthropic.ToolUseBlock,
): Promise<Anthropic.ToolResultBlockParam> {
  const result = { type: 'tool_result' as const, tool_use_id }
  const run = own[name]
  if (!run) return { ...result, content: `There is no tool ${name}.`, is_error: true }
  return run(input as Record<string, unknown>).then(
    (answer) => ({ ...result, content: answer }),
    (error: Error) => ({ ...result, content: error.message, is_error: true }),
  )
}

export const whole = loop((messages, params, signal) => messages.create(params, { signal }))

export const streamed = loop((messages, params, signal) => messages.stream(params, { signal }).finalMessage())

/** It runs a tool as soon as its call is complete, while the rest of the answer is still under way. */
export const eager = loop((messages, params, signal, run) =>
  messages.stream(params, { signal }).on('contentBlock', run).finalMessage(),
)

/** The SDK's own loop. */
export async function runner({ task, send, instrument, signal, turnsMax }: Ask) {
  const tools = instrument([betaTool({ name, description, inputSchema: parameters, run: send })])
  const messages = [{ role: 'user' as const, content: task }]
  const params = { model, max_tokens, messages, tools, max_iterations: turnsMax }
  const { content } = await new Anthropic().beta.messages.toolRunner(params, { signal })
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
}
