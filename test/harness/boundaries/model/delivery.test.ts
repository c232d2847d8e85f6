/** That an answer comes in its pieces at their times, and breaks off at its share: never with its last event, or whole. */
import { describe, expect, it } from 'vitest'
import type { Ending } from '../../../../faults/action.js'
import { keptOf, pace, whole } from '../../../../harness/boundaries/model/delivery.js'
import type { ProviderSession, WireAnswer } from '../../../../harness/contracts/provider.js'

const answerOf = (...chunks: string[]): WireAnswer => ({ status: 200, headers: {}, chunks })
const streamed = answerOf('data: one\n\n', 'data: two\n\n', 'data: end\n\n')
const atOnce = answerOf('{"text":"all of it"}')
const session = { ping: () => 'ping\n\n' } as ProviderSession
const nothing = () => ({ text: '', calls: [] })

describe('an answer that is paced', () => {
  const pacing = { kind: 'pace', firstMs: 100, eachMs: 10, pings: 2 } as const
  const timesOf = (answer: WireAnswer, pings: number) =>
    pace(answer, [{ ...pacing, pings }], session).chunks.map(({ afterMs, text }) => [afterMs, text.slice(0, 9)])

  it('comes piece by piece, behind its keep-alives', () => {
    expect(timesOf(streamed, 2)).toEqual([
      [10, 'ping\n\n'],
      [10, 'ping\n\n'],
      [100, 'data: one'],
      [10, 'data: two'],
      [10, 'data: end'],
    ])
  })

  it('has no keep-alives where it is one piece', () => {
    expect(timesOf(atOnce, 2)).toEqual([[100, '{"text":"']])
  })

  it('comes at once without a pace', () => {
    expect(pace(streamed, [], session)).toEqual(whole(streamed))
  })
})

describe('an answer that breaks off at a share', () => {
  const textAt = (answer: WireAnswer, at: number, how: 'reset' | 'clean-end' | 'stall' = 'reset') => {
    const ending = { kind: 'cut', how, at } as Extract<Ending, { kind: 'cut' }>
    const kept = keptOf(ending, whole(answer), nothing as never)
    return [kept?.chunks.map(({ text }) => text).join(''), kept?.end]
  }

  it('has that share of its characters', () => {
    expect(textAt(atOnce, 0.5)).toEqual(['{"text":"a', 'reset'])
    expect(textAt(streamed, 0.5)).toEqual(['data: one\n\ndata:', 'reset'])
    expect(textAt(streamed, 0)).toEqual(['', 'reset'])
  })

  it('lacks the last character at least, and of a stream the last event', () => {
    expect(textAt(atOnce, 1)).toEqual(['{"text":"all of it"', 'reset'])
    expect(textAt(streamed, 1)).toEqual(['data: one\n\ndata: two\n\n', 'reset'])
  })

  it('ends as it is said to', () => {
    expect([textAt(atOnce, 0, 'clean-end'), textAt(atOnce, 0, 'stall')]).toEqual([
      ['', 'close'],
      ['', 'stall'],
    ])
  })

  it('has whole events where an error event follows, and never all of them', () => {
    const countKept = (at: number) =>
      keptOf({ kind: 'stream-error', at } as never, whole(streamed), nothing as never)?.chunks.length
    expect([countKept(0), countKept(0.5), countKept(1)]).toEqual([0, 1, 2])
  })
})
