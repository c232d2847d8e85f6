/** Conversations between a model and an agent, written down by hand. */
import {
  type Block,
  type Conversation,
  type Message,
  type Reply,
  wholeBlocksOf,
} from '../../../harness/contracts/conversation.js'
import type { Model, ModelContext } from '../../../harness/contracts/model.js'

export const user = (text: string): Message => ({ role: 'user', blocks: [{ kind: 'text', text }] })
export const assistant = (reply: Pick<Reply, 'blocks'>): Message => ({
  role: 'assistant',
  blocks: wholeBlocksOf(reply),
})
export const result = (id: string, text = 'ok', failed = false): Block => ({ kind: 'tool-result', id, text, failed })
export const results = (...blocks: Block[]): Message => ({ role: 'user', blocks })

export function conversation(messages: readonly Message[], tools: readonly string[]): Conversation {
  return { model: 'claude-opus-5', system: '', messages, tools }
}

export function callsOf(reply: Reply): { readonly id: string; readonly name: string; readonly input: unknown }[] {
  return reply.blocks.filter((block) => block.kind === 'tool-call')
}

export function textOf(reply: Reply): string {
  return reply.blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('')
}

/** Draws that are the same for the same label; by default every one is `value`. */
export const chance = (value = 0): ModelContext => ({ random: () => value })

/** An agent that runs tools until the model ends its turn, or `turnsMax` is reached. */
export function converse(
  model: Model,
  tools: readonly string[],
  run: (name: string, input: unknown, count: number) => { text: string; failed?: boolean },
  { context = chance(), turnsMax = 20 }: { context?: ModelContext; turnsMax?: number } = {},
): { readonly replies: Reply[]; readonly messages: Message[] } {
  const messages: Message[] = [user('Do it.')]
  const replies: Reply[] = []
  let count = 0
  while (replies.length < turnsMax) {
    const reply = model.reply(conversation(messages, tools), context)
    replies.push(reply)
    messages.push(assistant(reply))
    if (reply.stop !== 'tool-use') break
    messages.push(
      results(
        ...callsOf(reply).map(({ id, name, input }) => {
          const { text, failed } = run(name, input, ++count)
          return result(id, text, failed ?? false)
        }),
      ),
    )
  }
  return { replies, messages }
}
