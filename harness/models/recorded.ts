/**
 * The model that answers as a real one did. A question that was recorded has its recorded reply. After a fault conversations
 * go another way: then a persona answers, which walks the recorded calls as a script.
 */
import type { Json } from '../../faults/json.js'
import type { Conversation, Reply } from '../contracts/conversation.js'
import { UserError } from '../contracts/errors.js'
import type { Model } from '../contracts/model.js'
import { comparable, differenceOf, likest, tellDifference } from '../contracts/recorded-likeness.js'
import { conversationsOf, type RecordedIds, type RecordedQuestion, type Recording } from '../contracts/recording.js'
import type { ToolResult } from '../contracts/request.js'
import { encodeCallId, freshCallId } from './call-id.js'
import { type Persona, personas } from './persona.js'
import { call, type Step, say, script } from './script.js'
import { failureOf } from './tool-result.js'

/** A recorded question, where it stands in its thread. */
interface Known {
  readonly asked: { readonly [name: string]: Json }
  readonly reply: RecordedQuestion['reply']
  readonly ids: RecordedIds | undefined
  readonly thread: Thread
  /** The step of the thread that its reply is; `undefined` where none of its calls came to anything. */
  readonly step: number | undefined
  /** Of its calls, by their recorded ids, those that came to something; in the order of the step. */
  readonly calls: readonly string[]
}

/** One conversation, from its first question on. */
interface Thread {
  readonly steps: (Step | readonly Step[])[]
  model: Model | undefined
}

/** `file` is where the recording stands, for whoever is told of a mismatch. */
export function recordedModel(
  { questions, conversations = [] }: Pick<Recording, 'questions' | 'conversations'>,
  file: string,
  persona: Persona = personas.typical,
): Model {
  const known = knownOf(questions)
  return {
    callsTools: questions.some(({ reply }) => reply.blocks.some(({ kind }) => kind === 'tool-call')),
    ...(conversations.length > 0 && { conversations }),
    reply(conversation, context) {
      const asked = comparable(conversation)
      const likes = known.filter((one) => differenceOf(one.asked, asked) === undefined)
      const [same] = likest(likes, (one) => one.asked, asked)
      if (same) return replyOf(same, conversation)
      const near = nearestTo(asked, known)
      if (!near) throw new UserError('the recording holds no question to a model: record it anew', file)
      if (!context.faultLanded) throw new UserError(mismatch(near, asked, known), file)
      near.thread.model ??= script(near.thread.steps, persona)
      return near.thread.model.reply(conversation, context)
    },
  }
}

function mismatch(near: Known, asked: Known['asked'], known: readonly Known[]): string {
  const difference = differenceOf(near.asked, asked)
  const words = difference ? tellDifference(difference) : ''
  return `the model is asked what was not recorded. Next to it is questions[${known.indexOf(near)}]: ${words}`
}

/** Under the ids by which a script finds its place; the agent sees those of the vendor. */
function replyOf({ reply, step, calls, ids }: Known, conversation: Conversation): Reply {
  const taken = new Set<string>()
  const named: Record<string, string> = {}
  const blocks = reply.blocks.map((block) => {
    if (block.kind === 'text') return block
    const place = calls.indexOf(block.id)
    const isStep = step !== undefined && place >= 0
    const id = isStep
      ? encodeCallId({ step, call: place, tool: 'own', attempt: 1 })
      : freshCallId(block.name, conversation, taken)
    taken.add(id)
    if (ids?.calls?.includes(block.id)) named[id] = block.id
    return { ...block, id }
  })
  return { blocks, stop: reply.stop, ...(ids && { ids: { ...ids, calls: named } }) }
}

function knownOf(questions: readonly RecordedQuestion[]): readonly Known[] {
  const conversations = conversationsOf(questions)
  const known: Known[] = []
  questions.forEach(({ since, reply, ids }, index) => {
    const thread = (since === null ? undefined : known[since]?.thread) ?? { steps: [], model: undefined }
    const calls = callsThatWorked(reply, conversations.slice(index + 1))
    const step = stepOf(reply, calls)
    if (step) thread.steps.push(step)
    const asked = comparable(conversations[index] as Conversation)
    known.push({ asked, reply, ids, thread, step: step && thread.steps.length - 1, calls })
  })
  return known
}

/** A call that failed was made again, or given up: its script goes by what came of it in the end. */
function callsThatWorked({ blocks }: Known['reply'], later: readonly Conversation[]): readonly string[] {
  const results = new Map<string, ToolResult>()
  for (const { messages } of later) {
    for (const block of messages.flatMap((message) => message.blocks)) {
      if (block.kind === 'tool-result') results.set(block.id, block)
    }
  }
  return blocks.flatMap((block) => {
    if (block.kind === 'text') return []
    const result = results.get(block.id)
    return result && failureOf(result) ? [] : [block.id]
  })
}

function stepOf({ blocks }: Known['reply'], worked: readonly string[]): Step | readonly Step[] | undefined {
  const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
  const calls = blocks.filter((block) => block.kind === 'tool-call')
  if (calls.length === 0) return say(text)
  const steps = calls
    .filter(({ id }) => worked.includes(id))
    .map(({ name, input }, index) => call(name, input, index === 0 && text !== '' ? { text } : {}))
  return steps.length === 0 ? undefined : steps
}

/** By the tools on offer and the prompt before it, then by how far the messages go the same way. */
function nearestTo(asked: Known['asked'], known: readonly Known[]): Known | undefined {
  let nearest: Known | undefined
  let most = -1
  for (const one of known) {
    const isSame = (name: string) => differenceOf(one.asked[name], asked[name]) === undefined
    const head = ['tools', 'system', 'model'].filter(isSame).length
    const likeness = sharedLength(one.asked.messages as readonly Json[], asked.messages as readonly Json[]) * 4 + head
    if (likeness <= most) continue
    nearest = one
    most = likeness
  }
  return nearest
}

function sharedLength(left: readonly Json[], right: readonly Json[]): number {
  const end = left.findIndex((message, index) => differenceOf(message, right[index]) !== undefined)
  return end < 0 ? left.length : end
}
