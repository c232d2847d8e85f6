/** Agents of LlamaIndex, with the models of two vendors. */
import { Anthropic } from '@llamaindex/anthropic'
import { OpenAI } from '@llamaindex/openai'
import { agent } from '@llamaindex/workflow'
import { tool } from 'llamaindex'
import { z } from 'zod'
import { type Ask, description } from '../desk.js'

const parameters = z.object({ to: z.string(), text: z.string() })

const claude = () => new Anthropic({ model: 'claude-sonnet-4-5' })
const gpt = () => new OpenAI({ model: 'gpt-5.4' as never })

type Model = ReturnType<typeof claude | typeof gpt>

/** Of what OpenAI sends. */
interface RawChunk {
  readonly choices?: readonly { readonly finish_reason?: string | null }[]
}

interface Chunk {
  readonly delta: string
  readonly raw: RawChunk | null
  readonly options?: { readonly toolCall?: readonly { readonly name: string; readonly input: unknown }[] }
}

/**
 * The framework has no bound on turns. It lets go of a promise when the model fails or names a tool that is not there, and it
 * runs tools of an answer that broke off. So the model of a careful agent gives whole answers alone, and never fails: it
 * remembers why it did, and ends the conversation instead.
 */
function bound(llm: Model, turnsMax: number) {
  const failures: unknown[] = []
  let turns = 0
  const ask = async (params: object): Promise<readonly Chunk[]> => {
    if (turns++ >= turnsMax) throw new Error(`No answer after ${turnsMax} turns.`)
    const chunks: Chunk[] = []
    const stream = (llm as { chat(params: object): Promise<AsyncIterable<Chunk>> }).chat({ ...params, stream: true })
    for await (const chunk of await stream) chunks.push(chunk)
    // OpenAI says why an answer ended. The framework takes one that says nothing for whole.
    const choices = chunks.flatMap(({ raw }) => raw?.choices ?? [])
    if (choices.length > 0 && !choices.some(({ finish_reason }) => finish_reason))
      throw new Error('The answer broke off.')
    const calls = new Map(chunks.flatMap(({ options }) => options?.toolCall ?? []).map((call) => [call.name, call]))
    for (const { name, input } of calls.values()) {
      if (name !== 'send_notification') throw new Error(`There is no tool ${name}.`)
      if (typeof input === 'string') JSON.parse(input)
    }
    return chunks
  }
  const chat = async function* (params: object): AsyncGenerator<Chunk> {
    try {
      yield* await ask(params)
    } catch (error) {
      failures.push(error)
      yield { delta: 'The model failed.', raw: null }
    }
  }
  const model = new Proxy(llm, {
    get: (target, name) =>
      name === 'chat' ? async (params: object) => chat(params) : Reflect.get(target, name, target),
  })
  return { model, failures }
}

const runs =
  (vendor: typeof claude | typeof gpt) =>
  async ({ task, send, instrument, turnsMax }: Ask) => {
    const own = tool({ name: 'send_notification', description, parameters, execute: (input) => send(input) })
    const { model, failures } = turnsMax ? bound(vendor(), turnsMax) : { model: vendor(), failures: [] }
    const { data } = await agent({ llm: model as never, tools: instrument([own]) }).run(task)
    if (failures.length > 0) throw failures[0]
    return data.result
  }

export const runWithClaude = runs(claude)
export const runWithGpt = runs(gpt)
