/** The floor answers what was answered in a trial, and notices an agent that asks for something else. */
import { describe, expect, it } from 'vitest'
import type { WireRecord } from '../../../harness/contracts/wire.js'
import { playBack } from './playback.js'

const url = 'https://api.example.com/v1'
const record = (...texts: string[]): WireRecord => ({
  crossing: 0,
  request: { method: 'POST', url, headers: {}, body: '{}' },
  delivery: {
    kind: 'answer',
    status: 201,
    headers: { 'content-type': 'text/plain' },
    chunks: texts.map((text) => ({ afterMs: 0, text })),
    end: 'close',
  },
})
const body = '{"some":"body"}'

describe('a playback', () => {
  it('answers in order, and anew once it is rewound', async () => {
    const { fetch, rewind } = playBack([record('one, ', 'whole'), record('two')])
    for (let round = 0; round < 2; round++) {
      const first = await fetch(url, { method: 'POST', body })
      expect([first.status, first.headers.get('content-type'), await first.text()]).toEqual([
        201,
        'text/plain',
        'one, whole',
      ])
      expect(await (await fetch(url, { body })).text()).toBe('two')
      rewind()
    }
  })

  it('rejects another address, a body that is no JSON, and one request too many', async () => {
    await expect(playBack([record('one')]).fetch('https://elsewhere.example.com', { body })).rejects.toThrow(
      'asked for',
    )
    await expect(playBack([record('one')]).fetch(url, { body: 'no JSON' })).rejects.toThrow(SyntaxError)
    await expect(playBack([]).fetch(url, { body })).rejects.toThrow('asked for')
  })

  it('is not rewound before everything was asked for', () => {
    expect(() => playBack([record('one')]).rewind()).toThrow('asked for 0 answers: expected 1')
  })

  it('has nothing for a request that was not answered', () => {
    const silent: WireRecord = { ...record(), delivery: { kind: 'no-answer', how: 'silence' } }
    expect(() => playBack([silent])).toThrow('was not answered')
  })
})
