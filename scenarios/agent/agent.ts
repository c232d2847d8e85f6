/**
 * An agent at a task: it asks the model and runs the tools that it calls until the task is done, cannot be done, or costs
 * more than it may; then it says what came of it. What was done is read from the world's answers, never from the model's
 * words: a plan is no result, and "done" in a sentence moves no money.
 */
import type Anthropic from '@anthropic-ai/sdk'
import { Failure } from './failure.js'
import { LoopBreaker } from './loop-breaker.js'
import type { Means } from './means.js'
import { TaskStopped } from './task-stopped.js'
import type { Tool } from './tool.js'
import { isUndoing, type Reversals, undo } from './undo.js'

export interface Assignment {
  /** What the agent is called in its traces. */
  readonly agent: string
  readonly task: string
  readonly tools: readonly Tool[]
  /** What was achieved, in a sentence; `undefined` while something is still to be done. */
  readonly describeOutcome: () => Promise<string | undefined>
  /** Whether the model is to have the last word; by default it is. Where nobody reads it, done is enough. */
  readonly wantsAnswer?: boolean
  /** How to undo what was done, where the task fails. */
  readonly reversals?: Reversals<never>
}

export interface Outcome {
  /**
   * `degraded`: not done, but a part of it was or may have been, and stands. `rolled-back`: not done, and nothing is left
   * of it. `failure`: not done; what was begun could not be undone, or nothing was.
   */
  readonly claim: 'success' | 'degraded' | 'rolled-back' | 'failure'
  readonly answer: string
}

/** Never rejects because something around the agent failed: that is an outcome. */
export function perform(means: Means, assignment: Assignment): Promise<Outcome> {
  return means.withSpan('invoke_agent', assignment.agent, () => outcomeOf(means, assignment))
}

async function outcomeOf(means: Means, assignment: Assignment): Promise<Outcome> {
  const { journal } = means
  const { reversals = {} } = assignment
  try {
    if (await isUndoing(journal, reversals)) throw new TaskStopped('it was being undone when the agent was restarted')
    return { claim: 'success', answer: await converse(means, assignment) }
  } catch (error) {
    // Done is done, even where the model was lost before it could say so.
    const achieved = await assignment.describeOutcome()
    if (achieved !== undefined) return { claim: 'success', answer: achieved }
    return { claim: await takeBack(means, reversals), answer: `It could not be done: ${messageOf(error)}.` }
  }
}

const claims = { nothing: 'failure', undone: 'rolled-back', stands: 'degraded' } as const

async function takeBack({ journal, policy }: Means, reversals: Reversals<never>): Promise<Outcome['claim']> {
  if (!policy.undoes) return 'failure'
  try {
    // Whatever stopped the task does not stop this: it has limits of its own.
    const watch = new LoopBreaker(policy, { undoes: true })
    return claims[await undo({ journal, policy, watch }, reversals)]
  } catch {
    return 'failure'
  }
}

async function converse(
  means: Means,
  { task, tools, describeOutcome, wantsAnswer = true }: Assignment,
): Promise<string> {
  const before = await describeOutcome()
  if (before !== undefined) return before
  const { model, policy } = means
  const loop = new LoopBreaker(policy)
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
  for (;;) {
    loop.turn()
    const question = { model: modelName, max_tokens: answerTokensMax, messages, tools: definitionsOf(tools) }
    const { content } = await model.ask(question)
    if (content.length > 0) messages.push({ role: 'assistant', content })
    const calls = content.filter((block) => block.type === 'tool_use')
    if (calls.length > 0) messages.push({ role: 'user', content: await runAll(calls, tools, loop, means) })
    const done = calls.length === 0 || !wantsAnswer ? await describeOutcome() : undefined
    if (done !== undefined) return textOf(content) || done
    if (calls.length === 0) {
      loop.idle()
      messages.push({ role: 'user', content: nudge })
    }
  }
}

const modelName = 'claude-opus-5-5'
const answerTokensMax = 2_048
const nudge = 'The task is not done yet. Call a tool now; if it cannot be done, say so.'

/** One after the other: what one call teaches a breaker or a model spares the next. */
async function runAll(
  calls: readonly Anthropic.ToolUseBlock[],
  tools: readonly Tool[],
  loop: LoopBreaker,
  means: Means,
): Promise<Anthropic.ToolResultBlockParam[]> {
  const results: Anthropic.ToolResultBlockParam[] = []
  for (const call of calls) results.push(await runOne(call, tools, loop, means))
  return results
}

async function runOne(
  { id, name, input }: Anthropic.ToolUseBlock,
  tools: readonly Tool[],
  loop: LoopBreaker,
  { policy, withSpan }: Means,
): Promise<Anthropic.ToolResultBlockParam> {
  const run = async () => JSON.stringify((await toolNamed(name, tools).run(input, loop)) ?? 'done')
  try {
    const content = await withSpan('execute_tool', name, run, { 'gen_ai.tool.call.id': id })
    loop.recordAnswer(name, input, content)
    return { type: 'tool_result', tool_use_id: id, content }
  } catch (error) {
    if (error instanceof TaskStopped) throw error
    const content = JSON.stringify(policy.explain(error))
    return { type: 'tool_result', tool_use_id: id, content, is_error: true }
  }
}

function toolNamed(name: string, tools: readonly Tool[]): Tool {
  const tool = tools.find(({ definition }) => definition.name === name)
  if (tool) return tool
  const known = tools.map(({ definition }) => definition.name).join(', ')
  throw new Failure('UNKNOWN_TOOL', `there is no tool named ${name}; there are: ${known}`, 'definite')
}

function definitionsOf(tools: readonly Tool[]): Anthropic.Tool[] {
  return tools.map(({ definition }) => definition)
}

function textOf(content: readonly Anthropic.ContentBlock[]): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
