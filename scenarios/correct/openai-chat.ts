/**
 * Style: OpenAI's SDK on Chat Completions, streamed and put together by hand. What makes it correct: a reply counts only
 * once it has said why it ended, for on this wire nothing else tells a whole call from the beginning of one; it is acted
 * on only if it ended by itself; and there is one layer of retries, the SDK's being off.
 */
import { defineScenario } from 'agent-chaos'
import OpenAI from 'openai'
import { type Desk, errandFor, tools, turnsMax } from '../dispatch/desk.js'
import { patiently, Refused } from '../dispatch/patience.js'

type Messages = OpenAI.ChatCompletionMessageParam[]
interface Reply {
  content: string
  readonly calls: { readonly id: string; readonly name: string; readonly input: string }[]
}

const modelMsMax = 40_000

async function dispatcher(order: string, task: string, desk: Desk, stop: AbortSignal): Promise<string> {
  const client = new OpenAI({ maxRetries: 0 })
  const messages: Messages = [{ role: 'user', content: task }]
  for (let turn = 1; turn <= turnsMax; turn++) {
    const { content, calls } = await patiently(() => ask(client, messages, stop), stop)
    if (calls.length === 0) return desk.report(order)
    const tool_calls = calls.map(({ id, name, input }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: input },
    }))
    messages.push({ role: 'assistant', content, tool_calls })
    for (const { id, name, input } of calls) {
      messages.push({ role: 'tool', tool_call_id: id, content: await desk.run(name, input) })
    }
  }
  throw new Error(`No answer after ${turnsMax} turns.`)
}

async function ask(client: OpenAI, messages: Messages, stop: AbortSignal): Promise<Reply> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(modelMsMax)])
  const offered = tools.map((tool) => ({ type: 'function' as const, function: tool }))
  const chunks = await client.chat.completions.create(
    { model: 'gpt-5.4', stream: true, messages, tools: offered },
    { signal },
  )
  const reply: Reply = { content: '', calls: [] }
  let ended: string | null = null
  for await (const { choices } of chunks) {
    const choice = choices[0]
    if (!choice) continue
    reply.content += choice.delta.content ?? ''
    for (const { index, id = '', function: part } of choice.delta.tool_calls ?? []) {
      const { name, input } = reply.calls[index] ?? { name: part?.name ?? '', input: '' }
      reply.calls[index] = { id: reply.calls[index]?.id ?? id, name, input: input + (part?.arguments ?? '') }
    }
    ended = choice.finish_reason ?? ended
  }
  // The SDK ends its iteration quietly where it is aborted, or the stream is.
  if (ended === null) throw new Error('the reply is not all there')
  if (ended !== 'stop' && ended !== 'tool_calls') throw new Refused(`the reply ended by ${ended}`)
  return reply
}

export default defineScenario(errandFor('openai-chat', dispatcher))
