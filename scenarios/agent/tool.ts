/**
 * A tool as the agent offers it to the model: what it is called, what it takes, and what it does. What the model sends
 * is checked before anything is done with it, and what goes wrong is told in words that a model can act on.
 */
import type Anthropic from '@anthropic-ai/sdk'
import { z } from 'zod'
import type { Watch } from './dependency.js'
import { Failure } from './failure.js'

export interface Tool {
  readonly definition: Anthropic.Tool
  /** Rejects with a definite `Failure` for an input that does not fit. Tells `watch` of every attempt at something outside. */
  run(input: unknown, watch: Watch): Promise<unknown>
}

export interface ToolShape<Input> {
  readonly name: string
  readonly description: string
  readonly input: z.ZodType<Input>
}

/** One schema for both: what the model is told, and what is accepted from it. `does` adds what the tool does in one run. */
export function defineTool<Input>({ name, description, input }: ToolShape<Input>) {
  const definition = { name, description, input_schema: z.toJSONSchema(input) as Anthropic.Tool.InputSchema }
  return {
    does: (run: (input: Input, watch: Watch) => Promise<unknown>): Tool => ({
      definition,
      run: async (given, watch) => {
        const parsed = input.safeParse(given)
        if (parsed.success) return run(parsed.data, watch)
        throw new Failure('INVALID_INPUT', z.prettifyError(parsed.error), 'definite')
      },
    }),
  }
}
