/** What the stream says of each item of an answer, from its beginning to its end. Apart, because every kind has its own. */
import { fragments } from '../../fragments.js'
import { type OutputItem, partOf } from './output.js'

/** Without its number, which follows from its place. */
export interface StreamEvent {
  readonly type: string
  readonly [field: string]: unknown
}

/** `index` is the item's place in the answer. */
export function eventsOf(output: OutputItem, index: number): readonly StreamEvent[] {
  const { item } = output
  const at = { item_id: item.id, output_index: index }
  return [
    { type: 'response.output_item.added', output_index: index, item: beginningOf(output) },
    ...contentOf(output).map(({ type, ...fields }) => ({ type, ...at, ...fields })),
    { type: 'response.output_item.done', output_index: index, item },
  ]
}

function beginningOf({ kind, item }: OutputItem): object {
  switch (kind) {
    case 'reasoning':
      return { ...item, summary: [] }
    case 'message':
      return { ...item, status: 'in_progress', content: [] }
    case 'call':
      return { ...item, status: 'in_progress', [fieldOf(item.type)]: '' }
  }
}

function fieldOf(type: unknown): string {
  return type === 'custom_tool_call' ? 'input' : 'arguments'
}

function contentOf(output: OutputItem): readonly StreamEvent[] {
  switch (output.kind) {
    case 'reasoning':
      return output.summary === undefined ? [] : summaryEvents(output.summary)
    case 'message':
      return messageEvents(output.text, output.refused)
    case 'call':
      return callEvents(output.item.type, output.input)
  }
}

function summaryEvents(text: string): readonly StreamEvent[] {
  const at = { summary_index: 0 }
  const part = (text: string) => ({ type: 'summary_text', text })
  return [
    { type: 'response.reasoning_summary_part.added', ...at, part: part('') },
    ...fragments(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
    { type: 'response.reasoning_summary_text.done', ...at, text },
    { type: 'response.reasoning_summary_part.done', ...at, part: part(text) },
  ]
}

function messageEvents(text: string, refused: boolean): readonly StreamEvent[] {
  const at = { content_index: 0, ...(!refused && { logprobs: [] }) }
  const kind = refused ? 'response.refusal' : 'response.output_text'
  return [
    { type: 'response.content_part.added', content_index: 0, part: partOf('', refused) },
    ...fragments(text).map((delta) => ({ type: `${kind}.delta`, ...at, delta })),
    { type: `${kind}.done`, ...at, [refused ? 'refusal' : 'text']: text },
    { type: 'response.content_part.done', content_index: 0, part: partOf(text, refused) },
  ]
}

function callEvents(type: unknown, input: string): readonly StreamEvent[] {
  const kind = type === 'custom_tool_call' ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
  return [
    ...fragments(input).map((delta) => ({ type: `${kind}.delta`, delta })),
    { type: `${kind}.done`, [fieldOf(type)]: input },
  ]
}
