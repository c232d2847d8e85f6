/** When messages, and the data in them, are the same. Every message is looked at in every request, so it must be cheap. */
import type { Json } from '../../../faults/json.js'
import type { Block, Message, Other } from '../../contracts/conversation.js'

/** With how many of the same messages both begin. */
export function sharedLength(left: readonly Message[], right: readonly Message[]): number {
  const most = Math.min(left.length, right.length)
  let shared = 0
  while (shared < most && isSameMessage(left[shared], right[shared])) shared++
  return shared
}

function isSameMessage(left: Message | undefined, right: Message | undefined): boolean {
  if (left === right) return true
  if (!left || !right || left.role !== right.role || left.blocks.length !== right.blocks.length) return false
  for (let index = 0; index < left.blocks.length; index++) {
    if (!isSameBlock(left.blocks[index] as Block, right.blocks[index] as Block)) return false
  }
  return true
}

function isSameBlock(left: Block, right: Block): boolean {
  switch (left.kind) {
    case 'text':
      return right.kind === 'text' && left.text === right.text
    case 'tool-call':
      if (right.kind !== 'tool-call' || left.id !== right.id || left.name !== right.name) return false
      return isEqual(left.input, right.input)
    case 'tool-result':
      if (right.kind !== 'tool-result' || left.id !== right.id || left.failed !== right.failed) return false
      return left.text === right.text && isEqual(dataOf(left.others), dataOf(right.others))
    case 'other':
      return right.kind === 'other' && isEqual(dataOf(left), dataOf(right))
  }
}

/** Blocks are plain data. */
function dataOf(block: Other | readonly Other[] | undefined): Json {
  return (block ?? null) as unknown as Json
}

/** All that counts in a block, each part told apart from the next; not as JSON, which takes longer. */
export function likeness(block: Block, nameOf: (id: string) => string, portable: (text: string) => string): string {
  switch (block.kind) {
    case 'text':
      return ` text ${measure(portable(block.text))}`
    case 'tool-call':
      return ` call ${nameOf(block.id)} ${JSON.stringify([block.name, block.input])}`
    case 'tool-result': {
      const { id, failed, text, others } = block
      return ` result ${nameOf(id)} ${failed} ${measure(portable(text))}${others ? JSON.stringify(others) : ''}`
    }
    case 'other':
      return ` other ${JSON.stringify(block)}`
  }
}

/** With its length before it, so that no two texts look like one. */
function measure(text: string): string {
  return `${text.length} ${text}`
}

/** Of plain data; the order of fields counts, as it does for what is sent. */
export function isEqual(left: Json, right: Json): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [keys, others] = [Object.keys(left), Object.keys(right)]
  if (keys.length !== others.length) return false
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] as string
    if (key !== others[at] || !isEqual((left as Fields)[key] as Json, (right as Fields)[key] as Json)) return false
  }
  return true
}

type Fields = Readonly<Record<string, Json>>
