/**
 * Whether two questions to a model are one: the same conversation, whoever is asked, by which API and with which settings.
 * A contract, because turns are counted by it, and a question that one vendor failed and another was asked was tried again.
 */
import { asksModel } from './boundary.js'
import type { Block } from './conversation.js'
import { conversationOf } from './request.js'
import { type Crossing, siteName } from './trace.js'

/** `crossings` are all those of one attempt of the agent, in their order. */
export function isSameQuestion(left: Crossing, right: Crossing, crossings: readonly Crossing[]): boolean {
  // Most questions differ at their end, which stands in the request itself.
  if (endOf(left) !== endOf(right)) return false
  const said = saidIn(left, crossings)
  return said !== '' && said === saidIn(right, crossings)
}

/**
 * Whether a question is one that had failed, asked once more: of another model, or otherwise. So is one that a model refused
 * and another is asked. One that was answered since is a question of its own.
 */
export function isAskedAgain(question: Crossing, crossings: readonly Crossing[]): boolean {
  const isBefore = ({ call, callIndex }: Crossing) => asksModel(call.site) && callIndex < question.callIndex
  // Few trials have any, and then nothing is compared.
  if (!crossings.some((each) => isBefore(each) && isLeftOpen(each, question))) return false
  const last = crossings.findLast((each) => isBefore(each) && isSameQuestion(each, question, crossings))
  return last !== undefined && isLeftOpen(last, question)
}

function isLeftOpen({ call, result, resultIndex }: Crossing, { call: later, callIndex }: Crossing): boolean {
  if (!result || resultIndex > callIndex) return false
  const isElsewhere = siteName(call.site) !== siteName(later.site)
  return result.outcome.kind === 'failed' || (isElsewhere && result.reply?.stop === 'refusal')
}

/** The text with which a question ends. */
function endOf({ call: { request } }: Crossing): string {
  if (request.kind !== 'model') return ''
  for (const { blocks } of request.messages.toReversed()) {
    const last = blocks.findLast((block) => block.kind === 'text' || block.kind === 'tool-result')
    if (last) return last.text
  }
  return ''
}

/**
 * Each question may be compared with every other one, so what it says is put together once. Of the last attempt alone, as
 * `crossingsOf` keeps the last trace.
 */
let lastRead: { readonly first: Crossing | undefined; readonly said: Map<Crossing, string> } | undefined

function saidIn(question: Crossing, crossings: readonly Crossing[]): string {
  const [first] = crossings
  const known = lastRead && lastRead.first === first ? lastRead : { first, said: new Map<Crossing, string>() }
  lastRead = known
  const said = known.said.get(question) ?? readSaid(question, crossings)
  known.said.set(question, said)
  return said
}

/** Who said what, as text; empty for what cannot be read as a conversation. */
function readSaid({ call: { request } }: Crossing, crossings: readonly Crossing[]): string {
  if (request.kind !== 'model') return ''
  const first = crossings[0]?.call.crossing ?? 0
  const requestAt = (crossing: number) => crossings[crossing - first]?.call.request
  const numbers = new Map<string, number>()
  const numberOf = (id: string) => {
    const number = numbers.get(id) ?? numbers.size
    numbers.set(id, number)
    return number
  }
  const parts = conversationOf(request, requestAt).flatMap(({ role, blocks }) =>
    blocks.flatMap((block) => saidBy(block, numberOf).map((part) => `${role} ${part}`)),
  )
  return parts.join('\n')
}

/** Ids by the order in which they appear. What only its own vendor can read (thinking, say) goes to no other, nor does the mark of a failure. */
function saidBy(block: Block, numberOf: (id: string) => number): string[] {
  switch (block.kind) {
    case 'text':
      return block.text === '' ? [] : [JSON.stringify(block.text)]
    case 'tool-call':
      return [JSON.stringify([numberOf(block.id), block.name, block.input])]
    case 'tool-result':
      return [JSON.stringify([numberOf(block.id), block.text])]
    case 'other':
      return []
  }
}
