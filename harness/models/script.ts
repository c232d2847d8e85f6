/**
 * The simulated model that walks steps, and after a tool's error does what models do. It answers from the conversation
 * and seeded draws alone; `progress.ts` finds its place.
 */
import type { Json } from '../../faults/json.js'
import type { Conversation, Reply } from '../contracts/conversation.js'
import type { Model, ModelContext } from '../contracts/model.js'
import { encodeCallId } from './call-id.js'
import { type Persona, personas, type Reaction, react } from './persona.js'
import { progressReader, type ScriptProgress, type SeenCall } from './progress.js'
import { reword } from './reword.js'
import { type CallStep, inputOf, type SayStep, type ScriptStage, type Step, stagesOf } from './step.js'
import { isSameTool, looksReadOnly, nameOnOffer } from './tool-name.js'

export { call, giveUp, type Step, say } from './step.js'

type ReplyBlock = Reply['blocks'][number]

/**
 * A model that takes the steps in order; those in an inner list are calls of one reply, in parallel. A step is done when
 * the conversation holds a successful result for it; after a failure the persona decides. Without a last `say` it ends
 * with a short answer. Throws a `UserError` where a group is empty or holds an answer.
 */
export function script(steps: readonly (Step | readonly Step[])[], persona: Persona = personas.typical): Model {
  const stages = stagesOf(steps)
  const readProgress = progressReader(stages)
  return {
    callsTools: stages.some(({ kind }) => kind === 'calls'),
    reply: (conversation, context) => {
      const progress = readProgress(conversation)
      const stage = stages[progress.step] ?? finale(stages)
      return stage.kind === 'say'
        ? answer(stage)
        : new Round(stage.calls, progress, conversation, context, persona).reply()
    },
  }
}

/** What is said after the last step, each time it is asked. */
function finale(stages: readonly ScriptStage[]): SayStep {
  const last = stages.at(-1)
  return last?.kind === 'say' ? last : { kind: 'say', text: 'Done.', gaveUp: false }
}

function answer({ text, gaveUp }: Pick<SayStep, 'text' | 'gaveUp'>): Reply {
  const blocks: ReplyBlock[] = text === '' ? [] : [{ kind: 'text', text }]
  return gaveUp ? { blocks, stop: 'end-turn', gaveUp } : { blocks, stop: 'end-turn' }
}

/** One step's calls as they are to be made now: all of them at first, then only those that failed. */
class Round {
  readonly #steps: readonly CallStep[]
  readonly #progress: ScriptProgress
  readonly #conversation: Conversation
  readonly #context: ModelContext
  readonly #persona: Persona

  constructor(
    steps: readonly CallStep[],
    progress: ScriptProgress,
    conversation: Conversation,
    context: ModelContext,
    persona: Persona,
  ) {
    this.#steps = steps
    this.#progress = progress
    this.#conversation = conversation
    this.#context = context
    this.#persona = persona
  }

  reply(): Reply {
    const blocks: ReplyBlock[] = []
    for (const [index, step] of this.#steps.entries()) {
      const seen = this.#progress.calls[index]
      if (!seen || seen.done) continue
      const name = nameOnOffer(step.name, this.#conversation.tools)
      if (name === undefined) return this.#withoutTool(step.name)
      const reaction = this.#reaction(index, seen)
      if (reaction === 'giveUp')
        return answer({ text: `I could not complete the task: ${step.name} failed.`, gaveUp: true })
      if (step.text && seen.attempts.own === 0) blocks.push({ kind: 'text', text: step.text })
      blocks.push(this.#call(index, step, seen, name, reaction))
    }
    return { blocks: textFirst(blocks), stop: 'tool-use' }
  }

  #reaction(index: number, { failures }: SeenCall): Reaction {
    const labelled = failures.map(({ final, answersSince }, failure) => ({
      final,
      label: `${this.#label(index)} failure ${failure + 1}${answersSince === 0 ? '' : ` asked ${answersSince}`}`,
    }))
    return react(this.#persona, labelled, (label) => this.#context.random(label))
  }

  #call(index: number, step: CallStep, seen: SeenCall, name: string, reaction: Reaction): ReplyBlock {
    const input = inputOf(step, this.#conversation)
    const other =
      reaction === 'chooseAnother' && !seen.lookedElsewhere ? this.#anotherTool(index, step, seen) : undefined
    if (other !== undefined) return this.#block(index, 'other', seen.attempts.other + 1, other, input)
    const own = reaction === 'reword' ? reword(input, seen.attempts.own) : input
    return this.#block(index, 'own', seen.attempts.own + 1, name, own)
  }

  #block(call: number, tool: 'own' | 'other', attempt: number, name: string, input: Json): ReplyBlock {
    return { kind: 'tool-call', id: encodeCallId({ step: this.#progress.step, call, tool, attempt }), name, input }
  }

  #anotherTool(index: number, { name }: CallStep, { attempts }: SeenCall): string | undefined {
    const others = this.#conversation.tools.filter((tool) => !isSameTool(name, tool) && looksReadOnly(tool))
    if (others.length === 0) return undefined
    const draw = this.#context.random(`${this.#label(index)} other tool ${attempts.other + 1}`)
    return others[Math.floor(draw * others.length)]
  }

  /**
   * Before the first call, a request without any tools is one on the side (for a title, say) and gives up nothing.
   */
  #withoutTool(name: string): Reply {
    const aside = this.#conversation.tools.length === 0 && !this.#progress.begun
    if (aside) return answer({ text: 'I have no tools here, so I can only answer in words.', gaveUp: false })
    return answer({ text: `I could not complete the task: no tool named ${name} is on offer.`, gaveUp: true })
  }

  #label(call: number): string {
    return `script step ${this.#progress.step + 1}.${call + 1}`
  }
}

/** As real replies have it: words first, then the calls. */
function textFirst(blocks: readonly ReplyBlock[]): readonly ReplyBlock[] {
  if (!blocks.some(({ kind }) => kind === 'text')) return blocks
  return [...blocks.filter(({ kind }) => kind === 'text'), ...blocks.filter(({ kind }) => kind === 'tool-call')]
}
