/** Proves that what had arrived is told exactly, wherever an answer is cut. */
import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, it, test } from 'vitest'
import type { Json } from '../../../faults/json.js'
import type { Reply } from '../../../harness/contracts/conversation.js'
import type { Arrived } from '../../../harness/contracts/failure.js'
import type { ModelCall } from '../../../harness/contracts/provider.js'
import { openSession } from '../../../harness/providers/anthropic/session.js'
import { readPrefix } from '../../../harness/providers/json-prefix.js'

const reply: Reply = {
  blocks: [
    { kind: 'text', text: 'Let me "look" \\ 🎈\n\u0001 at both.' },
    { kind: 'tool-call', id: 'call-1', name: 'look', input: { at: 'se"a \\u00e9', n: [1, -2.5e3, null, true], o: {} } },
    { kind: 'tool-call', id: 'call-2', name: 'note', input: {} },
    { kind: 'text', text: 'Then I tell you.' },
  ],
  stop: 'tool-use',
}

function answerOf(stream: boolean): { readonly call: ModelCall; readonly chunks: readonly string[] } {
  const session = openSession()
  const conversation = { model: 'm', system: '', messages: [], tools: ['look', 'note'] }
  const call: ModelCall = {
    kind: 'call',
    api: 'messages',
    conversation,
    stream,
    tools: [],
    settings: {},
    inputTokens: 9,
  }
  return { call, chunks: session.write(call, reply, { inputTokens: 9, outputTokens: 9 }).chunks }
}

const whole: Arrived = {
  text: reply.blocks.map((block) => (block.kind === 'text' ? block.text : '')).join(''),
  toolCalls: reply.blocks.flatMap((block) =>
    block.kind === 'tool-call' ? [{ id: block.id, name: block.name, input: block.input }] : [],
  ),
}

describe.each([
  ['a body', false],
  ['a stream', true],
])('of %s that is cut anywhere', (_what, stream) => {
  const { call, chunks } = answerOf(stream)
  const text = chunks.join('')
  const arrived = (length: number) => openSession().arrived(call, text.slice(0, length))

  it('nothing has come at first, and all of it in the end', () => {
    expect(arrived(0)).toEqual({ text: '', toolCalls: [] })
    expect(arrived(text.length)).toEqual(whole)
  })

  it('what has come only grows, is the beginning of the whole, and calls count as whole once they are', () => {
    let before = arrived(0)
    for (let length = 1; length <= text.length; length++) {
      const now = arrived(length)
      expect(whole.text.startsWith(now.text)).toBe(true)
      expect(now.text.startsWith(before.text)).toBe(true)
      expect(now.toolCalls).toEqual(whole.toolCalls.slice(0, now.toolCalls.length))
      expect(now.toolCalls.length).toBeGreaterThanOrEqual(before.toolCalls.length)
      if (now.partial) {
        const { input, ...named } = whole.toolCalls[now.toolCalls.length] ?? { id: '', name: '', input: null }
        expect(now.partial).toMatchObject(named)
        expect(JSON.stringify(input).startsWith(now.partial.input)).toBe(true)
      }
      before = now
    }
  })
})

test('of a stream, what has come is what the real client was handed, at each border of an event and within each', async () => {
  const { call, chunks } = answerOf(true)
  const text = chunks.join('')
  const borders = chunks.map((_, index) => chunks.slice(0, index + 1).join('').length)
  for (const at of borders.flatMap((border) => [border - 30, border - 1, border])) {
    const cut = text.slice(0, at)
    expect(openSession().arrived(call, cut)).toEqual(await handTo(cut))
  }
})

/** What the SDK yields of a stream that ends there. */
async function handTo(stream: string): Promise<Arrived> {
  const headers = { 'content-type': 'text/event-stream' }
  const client = new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: async () => new Response(stream, { headers }) })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'hi' }]
  const toolCalls: { id: string; name: string; input: Json }[] = []
  let text = ''
  let open: { id: string; name: string; input: string } | undefined
  for await (const event of await client.messages.create({ model: 'm', max_tokens: 9, stream: true, messages })) {
    if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
      open = { id: event.content_block.id, name: event.content_block.name, input: '' }
    } else if (event.type === 'content_block_delta') {
      if (event.delta.type === 'text_delta') text += event.delta.text
      if (event.delta.type === 'input_json_delta' && open) open.input += event.delta.partial_json
    } else if (event.type === 'content_block_stop' && open) {
      toolCalls.push({ ...open, input: JSON.parse(open.input) as Json })
      open = undefined
    }
  }
  return { text, toolCalls, ...(open && { partial: open }) }
}

describe('the beginning of JSON', () => {
  const values: Json[] = [{ a: ['x\\"y\\\\', 1.5, { b: null }], 'k"': 'z🎈' }, [], 'text\\', '\\\\', true, [[], {}, '']]

  it.each(values.map((value) => [JSON.stringify(value), value]))('%s is whole at its end alone', (text, value) => {
    for (let length = 1; length < text.length; length++) expect(readPrefix(text.slice(0, length)).whole).toBe(false)
    const piece = readPrefix(`${text} `)
    expect([piece.whole, piece.value]).toEqual([true, value])
  })

  it('gives of a text what came, without half an escape and half a character', () => {
    const text = JSON.stringify('a"\u0001🎈')
    const seen = Array.from({ length: text.length + 1 }, (_, length) => readPrefix(text.slice(0, length)).value)
    expect(new Set(seen.slice(1))).toEqual(new Set(['', 'a', 'a"', 'a"\u0001', 'a"\u0001🎈']))
  })
})
