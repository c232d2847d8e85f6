/** That an answer breaks off where the place says, on every wire that ships, whole and streamed. */
import { describe, expect, it } from 'vitest'
import type { breakPlaces } from '../../../../faults/action.js'
import { lengthUpTo } from '../../../../harness/boundaries/model/break-places.js'
import type { Reply } from '../../../../harness/contracts/conversation.js'
import type { Arrived } from '../../../../harness/contracts/failure.js'
import type { ModelCall } from '../../../../harness/contracts/provider.js'
import { textOfReply } from '../../../../harness/contracts/trace.js'
import { providers } from '../../../../harness/providers/catalogue.js'
import { requestTo } from '../../../support/providers/questions.js'

const input = { orderId: '42', note: 'Straße 🚚, and some more of it' }
const asking = (input: object, ...ids: readonly string[]): Reply => ({
  blocks: [
    { kind: 'text', text: 'At once, of course; it is done in a moment.' },
    ...ids.map((id) => ({ kind: 'tool-call', id, name: 'refund', input: { ...input } }) as const),
  ],
  stop: ids.length > 0 ? 'tool-use' : 'end-turn',
})
const answer = (...ids: readonly string[]) => asking(input, ...ids)
const id = 'A0000001aaaaBBBBccccDD'
const usage = { inputTokens: 10, outputTokens: 20 }

const wires = providers.flatMap((provider) =>
  Object.entries(provider.apis).flatMap(([name, api]) =>
    [false, true].map((stream) => ({ provider, name, api, stream })),
  ),
)

describe.each(wires)('$provider.name/$name, streamed: $stream', ({ provider, name, api, stream }) => {
  const session = api.open()
  const call = session.read(requestTo(provider, name, stream)) as ModelCall
  const reply = answer(provider.callIds.write(id))
  const { chunks } = session.write(call, reply, usage)
  const text = textOfReply(reply)
  const arrived = (bytes: string): Arrived => session.arrived(call, bytes)
  const cameAt = (place: (typeof breakPlaces)[number]): Arrived => {
    const length = lengthUpTo(place, chunks, arrived)
    if (length === undefined) throw new Error(`no ${place}`)
    expect(length).toBeLessThan(chunks.join('').length)
    return arrived(chunks.join('').slice(0, length))
  }

  it('has nothing yet before its content', () => {
    const { text, toolCalls, partial } = cameAt('before-content')
    expect([text, toolCalls, partial?.input ?? '']).toEqual(['', [], ''])
  })

  it('has a part of its text', () => {
    const came = cameAt('in-text')
    expect(came.text).not.toBe('')
    expect(text.startsWith(came.text) && came.text !== text).toBe(true)
  })

  it('ends before a character that takes several bytes', () => {
    const whole = chunks.join('')
    const length = lengthUpTo('in-character', chunks, arrived)
    expect(Buffer.byteLength(whole.slice(length, (length ?? 0) + 1))).toBeGreaterThan(1)
    expect(whole.slice(0, length)).toMatch(/^[\0-\x7f]*$/)
  })

  it('has a part of the input of a call, where the wire sends one in parts', () => {
    if (provider.name === 'gemini' && stream) {
      // A call is one event on this wire.
      expect(lengthUpTo('in-input', chunks, arrived)).toBeUndefined()
      return
    }
    const { partial } = cameAt('in-input')
    expect(partial?.name).toBe('refund')
    expect(JSON.stringify(input).startsWith(partial?.input ?? '?')).toBe(true)
  })

  it('has never the whole of it, however short it is', () => {
    const brief = { orderId: '42' }
    const { chunks } = session.write(call, asking(brief, provider.callIds.write(id)), usage)
    const length = lengthUpTo('in-input', chunks, arrived)
    const { partial } = arrived(chunks.join('').slice(0, length ?? 0))
    expect(partial?.input).not.toBe(JSON.stringify(brief))
  })

  it('has a whole block, and nothing of what comes behind it', () => {
    expect(cameAt('after-block')).toMatchObject({ text })
    expect(cameAt('after-block').partial).toBeUndefined()
  })

  it('has all of it before it says why it ended, and before its last event', () => {
    for (const place of ['before-stop', 'before-last-event'] as const) {
      const came = cameAt(place)
      expect(came.text).toBe(text)
      expect(came.toolCalls[0]?.input ?? JSON.parse(came.partial?.input ?? '')).toEqual(input)
    }
  })

  it('has no place in a call where it makes none', () => {
    const plain = session.write(call, answer(), usage)
    expect(lengthUpTo('in-input', plain.chunks, arrived)).toBeUndefined()
  })
})
