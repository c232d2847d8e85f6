/** The items of an answer: thoughts where they are asked for, then a message or a call for each block of the reply. */
import type { Json } from '../../../../faults/json.js'
import type { Reply, StopReason } from '../../../contracts/conversation.js'
import { numberedId } from '../ids.js'
import { type AnyCall, inputText, type Tool } from '../tools.js'
import type { Item } from './items.js'
import type { Wishes } from './request.js'
import { seal } from './secret.js'

/** An item as it is in the end, with what comes of it in a stream. */
export type OutputItem =
  | { readonly kind: 'reasoning'; readonly item: Item; readonly summary: string | undefined }
  | { readonly kind: 'message'; readonly item: Item; readonly text: string; readonly refused: boolean }
  | { readonly kind: 'call'; readonly item: Item; readonly tool: Tool; readonly input: string }

/** The limit of the answer, or that of the context: the wire tells them by one word. */
export function isCutShort(stop: StopReason): boolean {
  return stop === 'max-tokens' || stop === 'context-full'
}

/** `number` is the answer's. */
export function outputOf({ blocks, stop }: Reply, number: number, { offer, ...wishes }: Wishes): readonly OutputItem[] {
  const idOf = (prefix: string, index: number) => `${numberedId(prefix, number, 42)}${numberedId('', index, 6)}`
  const thoughts = wishes.reasons ? [reasoning(idOf('rs_', 0), wishes)] : []
  // What is cut short ends in its last item.
  const statusAt = (index: number) => (isCutShort(stop) && index === blocks.length - 1 ? 'incomplete' : 'completed')
  return [
    ...thoughts,
    ...blocks.map((block, index): OutputItem => {
      const at = thoughts.length + index
      if (block.kind === 'text') return message(idOf('msg_', at), block.text, stop === 'refusal', statusAt(index))
      return callItem(block, (prefix) => idOf(prefix, at), offer.tools.get(block.name), statusAt(index))
    }),
  ]
}

const thought = '**Considering the next step**\n\nI look at what was asked and at what is known so far.'

function reasoning(id: string, { summarises, encrypts }: Pick<Wishes, 'summarises' | 'encrypts'>): OutputItem {
  const summary = summarises ? thought : undefined
  return {
    kind: 'reasoning',
    summary,
    item: {
      id,
      type: 'reasoning',
      ...(encrypts && { encrypted_content: seal(id) }),
      summary: summary === undefined ? [] : [{ type: 'summary_text', text: summary }],
    },
  }
}

function message(id: string, text: string, refused: boolean, status: string): OutputItem {
  const item = { id, type: 'message', status, content: [partOf(text, refused)], role: 'assistant' }
  return { kind: 'message', item, text, refused }
}

export function partOf(text: string, refused: boolean): Readonly<Record<string, Json>> {
  return refused ? { type: 'refusal', refusal: text } : { type: 'output_text', annotations: [], logprobs: [], text }
}

function callItem(
  call: AnyCall,
  idOf: (prefix: string) => string,
  tool: Tool = { kind: 'function', name: call.name },
  status: string,
): OutputItem {
  const { kind, name, namespace } = tool
  const text = inputText(kind, call)
  const head = { status, call_id: call.id, name, ...(namespace !== undefined && { namespace }) }
  const item =
    kind === 'custom'
      ? { id: idOf('ctc_'), type: 'custom_tool_call', ...head, input: text }
      : { id: idOf('fc_'), type: 'function_call', ...head, arguments: text }
  return { kind: 'call', item, tool, input: text }
}
