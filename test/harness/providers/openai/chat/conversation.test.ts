/** Proves what is read of a request of Chat Completions: the conversation, the tools on offer, and what is no part of either. */
import { describe, expect, test } from 'vitest'
import { openSession } from '../../../../../harness/providers/openai/chat/session.js'
import { accept, type Where } from '../asked.js'

const own: Where = { url: 'https://api.openai.com/v1/chat/completions' }
const tools = ['refund', 'email', 'look'].map((name) => ({ type: 'function', function: { name } }))

function read(body: object) {
  return accept(openSession(), { model: 'gpt-5.4', messages: [{ role: 'user', content: 'Go.' }], ...body }, own)
}

describe('a conversation', () => {
  test('has instructions first, then each side in turn; later ones keep their place and are no words of the user', () => {
    const { conversation } = read({
      messages: [
        { role: 'system', content: 'You refund.' },
        { role: 'developer', content: [{ type: 'text', text: 'Für alle.' }] },
        { role: 'user', content: 'Refund 42.' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:x' } }] },
        { role: 'developer', content: 'Be brief.' },
        { role: 'assistant', content: null, refusal: 'I will not.' },
      ],
    })
    expect(conversation.system).toBe('You refund.\nFür alle.')
    expect(conversation.messages).toEqual([
      {
        role: 'user',
        blocks: [
          { kind: 'text', text: 'Refund 42.' },
          { kind: 'other', type: 'image_url', content: { image_url: { url: 'data:x' } } },
          { kind: 'other', type: 'developer', content: 'Be brief.' },
        ],
      },
      { role: 'assistant', blocks: [{ kind: 'text', text: 'I will not.' }] },
    ])
  })

  test('has the calls with what they ask for, and their results in one message', () => {
    const { conversation } = read({
      messages: [
        { role: 'user', content: 'Go.' },
        {
          role: 'assistant',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'refund', arguments: '{"orderId":"42"}' } },
            { id: 'call_2', type: 'function', function: { name: 'refund', arguments: '{"orderId' } },
            { id: 'call_3', type: 'custom', custom: { name: 'patch', input: '{"orderId":"42"}' } },
          ],
        },
        ...['call_1', 'call_2', 'call_3'].map((id) => ({ role: 'tool', tool_call_id: id, content: `of ${id}` })),
      ],
    })
    const [, asked, answered] = conversation.messages
    expect(asked?.blocks.map((block) => block.kind === 'tool-call' && block.input)).toEqual([
      { orderId: '42' },
      '{"orderId',
      '{"orderId":"42"}',
    ])
    expect(answered?.blocks).toEqual(
      ['call_1', 'call_2', 'call_3'].map((id) => ({ kind: 'tool-result', id, failed: false, text: `of ${id}` })),
    )
  })
})

describe('the tools on offer', () => {
  test.each<[string, object, readonly string[]]>([
    ['are all', { tools }, ['refund', 'email', 'look']],
    ['are none where none may be called', { tools, tool_choice: 'none' }, []],
    [
      'are those that are allowed',
      {
        tools,
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'look' } }] },
        },
      },
      ['look'],
    ],
  ])('%s', (_what, body, names) => {
    expect(read(body).conversation.tools).toEqual(names)
  })
})

test('settings are what neither names the conversation nor differs when it is sent again', () => {
  const { settings, stream } = read({ stream: true, stream_options: { include_usage: true }, temperature: 1, tools })
  expect([settings, stream]).toEqual([{ temperature: 1 }, true])
})
