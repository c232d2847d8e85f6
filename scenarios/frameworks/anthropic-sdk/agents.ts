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
  signal?: AbortSignal,
) => Promise<Anthropic.Message>

/** A loop as the vendor's documentation has it, which asks by `turn`. */
function loop(turn: Turn) {
  return async ({ task, send, instrument, signal, turnsMax = Number.POSITIVE_INFINITY }: Ask) => {
    const client = new Anthropic()
    const own: Readonly<Record<string, Ask['send']>> = instrument({ [name]: send })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
    for (let turns = 0; turns < turnsMax; turns++) {
      const reply = await turn(client.messages, { model, max_tokens, messages, tools }, signal)
      messages.push({ role: 'assistant', content: reply.content })
      if (reply.stop_reason !== 'tool_use')
        return reply.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
      const content: Anthropic.ToolResultBlockParam[] = []
      for (const block of reply.content) {
        if (block.type !== 'tool_use') continue
        const result = { type: 'tool_result' as const, tool_use_id: block.id }
        const run = own[block.name]
        content.push(
          run
            ? await run(block.input as Record<string, unknown>).then(
                (answer) => ({ ...result, content: answer }),
                (error: Error) => ({ ...result, content: error.message, is_error: true }),
              )
            : { ...result, content: `There is no tool ${block.name}.`, is_error: true },
        )
      }
      messages.push({ role: 'user', content })
    }
    throw new Error(`No answer after ${turnsMax} turns.`)
  }
}

export const whole = loop((messages, params, signal) => messages.create(params, { signal }))

export const streamed = loop((messages, params, signal) => messages.stream(params, { signal }).finalMessage())

/** The SDK's own loop. */
export async function runner({ task, send, instrument, signal, turnsMax }: Ask) {
  const tools = instrument([betaTool({ name, description, inputSchema: parameters, run: send })])
  const messages = [{ role: 'user' as const, content: task }]
  const params = { model, max_tokens, messages, tools, max_iterations: turnsMax }
  const { content } = await new Anthropic().beta.messages.toolRunner(params, { signal })
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
}
