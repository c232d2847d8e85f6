/**
 * Whether what an agent does once more is the same again, or something that it learnt or did led to it. Apart, because a
 * loop that is started over makes every one of its calls again, and none of them excuses another.
 */
import { asksModel } from '../../contracts/boundary.js'
import type { Message } from '../../contracts/conversation.js'
import { conversationOf } from '../../contracts/request.js'
import { withoutTimes } from '../../contracts/times-in-text.js'
import { type Crossing, crossingsOf, siteName, type Trace } from '../../contracts/trace.js'

/** Whether both ask the same of one site. */
export function isSameRequest({ call: left }: Crossing, { call: right }: Crossing): boolean {
  return left.identity === right.identity && siteName(left.site) === siteName(right.site)
}

/**
 * Whether the model was asked here what it had been asked before `began`, or this goes on with a conversation that was
 * started over since. What it answers then comes of no news. Ids of calls and times of day tell no two questions apart.
 */
export function isAskedAnew(question: Crossing, began: Crossing, trace: Trace): boolean {
  const all = crossingsOf(trace)
  const ofModel = all.filter(
    ({ call, callIndex }) =>
      siteName(call.site) === siteName(question.call.site) && asksModel(call.site) && callIndex <= question.callIndex,
  )
  const messages = messagesOf(question, all)
  const before = new Set(
    ofModel.filter(({ callIndex }) => callIndex < began.callIndex).map((each) => likenessOf(each, all)),
  )
  return ofModel.some(
    (each) =>
      each.callIndex > began.callIndex &&
      before.has(likenessOf(each, all)) &&
      beginsWith(messages, messagesOf(each, all)),
  )
}

/** Whether a question to the model goes on from another one: it begins with all of it, and says more. */
export function goesOnWith(question: Crossing, earlier: Crossing, trace: Trace): boolean {
  const all = crossingsOf(trace)
  const [messages, first] = [messagesOf(question, all), messagesOf(earlier, all)]
  return first.length > 0 && messages.length > first.length && beginsWith(messages, first)
}

/** Whether an equal call, made before `began`, had ended with the same answer. */
export function isAnsweredAsBefore(call: Crossing, began: Crossing, all: readonly Crossing[]): boolean {
  const answer = answerOf(call)
  return all.some((each) => each.callIndex < began.callIndex && isSameRequest(each, call) && answerOf(each) === answer)
}

function answerOf({ result }: Crossing): string | undefined {
  return result?.outcome.kind === 'ok' ? JSON.stringify(result.outcome.output) : undefined
}

/** Each retry is compared with every question, so what a question comes to is worked out once. */
const conversations = new WeakMap<Crossing, readonly Message[]>()
const likenesses = new WeakMap<Crossing, string>()
const texts = new WeakMap<Message, string>()

function messagesOf(question: Crossing, all: readonly Crossing[]): readonly Message[] {
  const { request } = question.call
  if (request.kind !== 'model') return []
  return once(conversations, question, () => conversationOf(request, (crossing) => all[crossing]?.call.request))
}

function beginsWith(messages: readonly Message[], first: readonly Message[]): boolean {
  return messages.length >= first.length && first.every((message, index) => isSame(message, messages[index]))
}

function isSame(left: Message, right: Message | undefined): boolean {
  return left === right || (right !== undefined && textOf(left) === textOf(right))
}

function textOf(message: Message): string {
  return once(texts, message, () => JSON.stringify(message))
}

function once<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const before = known.get(key)
  if (before !== undefined) return before
  const made = make()
  known.set(key, made)
  return made
}

/** Equal for equal questions; of what cannot be read as a conversation its identity says so. */
function likenessOf(question: Crossing, all: readonly Crossing[]): string {
  return once(likenesses, question, () => readLikeness(question, all))
}

function readLikeness(question: Crossing, all: readonly Crossing[]): string {
  const messages = messagesOf(question, all)
  if (messages.length === 0) return question.call.identity
  const names = new Map<string, number>()
  const nameOf = (id: string) => {
    const name = names.get(id) ?? names.size
    names.set(id, name)
    return name
  }
  const parts = messages.map(({ role, blocks }) => [
    role,
    ...blocks.map((block) => ('id' in block ? { ...block, id: nameOf(block.id) } : block)),
  ])
  return withoutTimes(JSON.stringify(parts))
}
