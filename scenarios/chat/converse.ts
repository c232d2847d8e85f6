/** The plainest loop between a model and tools, for bugs that lie beside it. It is right where the model itself never fails. */
import Anthropic from '@anthropic-ai/sdk'

export type Run = (input: Record<string, unknown>) => Promise<unknown>

export interface Ended {
  /** What the model said in the end. */
  readonly text: string
  /** Whether the last call of a tool had failed. */
  readonly failed: boolean
}

const turnsMax = 12
const patienceMs = 30 * 60_000

/** Rejects where the model goes on for too long, and with what `run` throws by `stop`. */
export async function converse(
  task: string,
  tool: { readonly name: string; readonly properties: Record<string, object> },
  run: Run,
  stop: (error: unknown) => boolean = () => false,
): Promise<Ended> {
  const client = new Anthropic({ maxRetries: 0 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  const input_schema = { type: 'object' as const, properties: tool.properties, required: Object.keys(tool.properties) }
  const tools = [{ name: tool.name, description: tool.name, input_schema }]
  let failed = false
  const begun = performance.now()
  for (let turn = 0; turn < turnsMax && performance.now() - begun < patienceMs; turn++) {
    const reply = await client.messages.create({ model: 'claude-opus-5-5', max_tokens: 1_024, tools, messages })
    messages.push({ role: 'assistant', content: reply.content })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    if (calls.length === 0) {
      const text = reply.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
      return { text, failed }
    }
    const results: Anthropic.ToolResultBlockParam[] = []
    for (const { id, input } of calls) {
      try {
        const content = JSON.stringify((await run(input as Record<string, unknown>)) ?? 'done')
        results.push({ type: 'tool_result', tool_use_id: id, content })
        failed = false
      } catch (error) {
        if (stop(error)) throw error
        results.push({ type: 'tool_result', tool_use_id: id, content: String(error), is_error: true })
        failed = true
      }
    }
    messages.push({ role: 'user', content: results })
  }
  throw new Error(`no end after ${turnsMax} turns or half an hour`)
}
