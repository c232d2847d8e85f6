/** What "nothing in it", "an earlier answer" and "the text of the answer" mean, for values and for bodies. */
import { describe, expect, it } from 'vitest'
import type { AnswerChange } from '../../../../faults/action.js'
import { instructionFor } from '../../../../faults/params/instruction.js'
import { changeBody, changeResult, earlierOutput } from '../../../../harness/boundaries/calls/answer-change.js'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

const empty: AnswerChange = { kind: 'rewrite', edit: { kind: 'empty' } }
const stale: AnswerChange = { kind: 'rewrite', edit: { kind: 'earlier', call: 'equal' } }
const poison: AnswerChange = { kind: 'poison', token: 'x' }
const reported = instructionFor('x')
const none = () => undefined

class Client {
  readonly name = 'client'
  ask() {}
}
const circle: Record<string, unknown> = { text: 'round' }
circle.self = circle

/** What no change takes hold of. */
const untouchable = [42, true, null, undefined, new Client(), circle, 10n, () => 'x', new Date(0)]

describe('a result that is emptied', () => {
  it.each([
    [[1, 2], []],
    ['some text', ''],
    [{ refunded: '42', cents: 1 }, {}],
    [
      { rows: [1], total: 1, pages: [] },
      { rows: [], total: 1, pages: [] },
    ],
    [
      { content: [{ type: 'text', text: 'hi' }], isError: false },
      { content: [], isError: false },
    ],
    ['[{"id":1}]', '[]'],
    ['{"rows":[1],"next":null}', '{"rows":[],"next":null}'],
    ['[not JSON', ''],
  ])('%j is %j', (result, expected) => {
    const before = structuredClone(result)
    expect(changeResult(empty, result, none)).toEqual(expected)
    expect(result).toEqual(before)
  })

  it.each([...untouchable, '', [], {}, '[]', ' { } '])('leaves %o, which has nothing in it to take out', (result) => {
    expect(changeResult(empty, result, none)).toBe(result)
  })
})

describe('a result that is an earlier one', () => {
  it('is what was told then, as data', () => {
    expect(changeResult(stale, { left: 3 }, () => ({ left: 5 }))).toEqual({ left: 5 })
    expect(changeResult(stale, 3, () => 'five')).toBe('five')
  })

  it.each([{ left: 3 }, undefined])('is the present one where the earlier was %j', (earlier) => {
    const result = { left: 3 }
    expect(changeResult(stale, result, () => earlier)).toBe(result)
  })
})

describe('a result that is oversized', () => {
  const long: AnswerChange = { kind: 'rewrite', edit: { kind: 'long', bytes: 5_000 } }

  it('holds what it held, and so many bytes more where its text stands', () => {
    const { id, page } = changeResult(long, { id: 7, page: { text: 'A page.' } }, none) as {
      readonly id: number
      readonly page: { readonly text: string }
    }
    expect(id).toBe(7)
    expect(page.text).toMatch(/^A page\.\n\n/)
    expect(Buffer.byteLength(page.text)).toBe('A page.'.length + 2 + 5_000)
  })

  it('is data still, where the text was data', () => {
    const body = changeBody(long, { text: '{"rows":["a"]}' }, none)
    expect(JSON.parse(body.text)).toEqual({ rows: [expect.stringMatching(/^a\n\n.{2000}/s)] })
  })

  it.each([...untouchable, '', [], { n: 1 }])('leaves %o, which has no text', (result) => {
    expect(changeResult(long, result, none)).toBe(result)
  })
})

describe('a result that is malformed', () => {
  const garble = (how: 'cut' | 'html'): AnswerChange => ({ kind: 'rewrite', edit: { kind: 'malformed', how } })

  it.each([
    [{ id: 7, rows: [] }, '{"id":7,"'],
    [['ab', 'c'], '["ab"'],
    ['{"id":7}', '{"id'],
    ['A sentence.', 'A sen'],
  ])('%j is cut to %j', (result, expected) => {
    expect(changeResult(garble('cut'), result, none)).toBe(expected)
  })

  it('is a page of HTML, where that is asked for, and so is a body', () => {
    expect(changeResult(garble('html'), { id: 7 }, none)).toMatch(/^<html>.*<\/html>\n$/s)
    expect(changeBody(garble('html'), { text: '{"id":7}' }, none).text).toMatch(/^<html>/)
  })

  it.each([...untouchable, ''])('leaves %o, which is no data', (result) => {
    expect(changeResult(garble('cut'), result, none)).toBe(result)
  })
})

describe('a result that is poisoned', () => {
  it.each([
    ['It rains.', `It rains.\n\n${reported}`],
    [
      ['a', 'bc', 'de'],
      ['a', `bc\n\n${reported}`, 'de'],
    ],
    [
      { id: 7, title: 'T', page: { text: 'Long enough.' } },
      { id: 7, title: 'T', page: { text: `Long enough.\n\n${reported}` } },
    ],
    // The last block of text, though other texts are longer.
    [
      {
        content: [
          { type: 'text', text: 'one' },
          { type: 'image', data: 'aGVsbG8gd29ybGQ=' },
          { type: 'text', text: 'two' },
        ],
      },
      {
        content: [
          { type: 'text', text: 'one' },
          { type: 'image', data: 'aGVsbG8gd29ybGQ=' },
          { type: 'text', text: `two\n\n${reported}` },
        ],
      },
    ],
    // Data as text stays data.
    ['{"says":"It rains."}', JSON.stringify({ says: `It rains.\n\n${reported}` })],
    [[{ type: 'text', text: '{"a":"b"}' }], [{ type: 'text', text: JSON.stringify({ a: `b\n\n${reported}` }) }]],
    ['"quoted"', JSON.stringify(`quoted\n\n${reported}`)],
  ])('%j tells the model what to do', (result, expected) => {
    const before = structuredClone(result)
    expect(changeResult(poison, result, none)).toEqual(expected)
    expect(result).toEqual(before)
  })

  it.each([...untouchable, '', [], { cents: 4200 }, '{"cents":4200}', [1, 2]])(
    'leaves %o, which holds no text',
    (result) => {
      expect(changeResult(poison, result, none)).toBe(result)
    },
  )
})

describe('a body', () => {
  it('is emptied as a whole, whatever it holds', () => {
    expect(changeBody(empty, { text: '{"id":"re_1"}' }, none).text).toBe('')
  })

  it('is poisoned as a text or inside its data', () => {
    expect(changeBody(poison, { text: '<p>Hi</p>' }, none).text).toBe(`<p>Hi</p>\n\n${reported}`)
    expect(JSON.parse(changeBody(poison, { text: '{"id":"re_1"}' }, none).text)).toEqual({ id: `re_1\n\n${reported}` })
    expect(changeBody(poison, { text: '{"n":1}' }, none).text).toBe('{"n":1}')
  })

  it('is an earlier one where there was one', () => {
    expect(changeBody(stale, { text: '{"n":2}' }, () => ({ text: '{"n":1}' })).text).toBe('{"n":1}')
    expect(changeBody(stale, { text: '{"n":2}' }, none).text).toBe('{"n":2}')
  })

  it.each([empty, stale, poison])('that is not there stays so', (change) => {
    expect(changeBody(change, { text: '' }, () => ({ text: 'x' })).text).toBe('')
  })

  it('of bytes has no place for an instruction, and is an earlier one to the byte', () => {
    const bytes = { text: '\xff\x00', encoding: 'latin1' } as const
    expect(changeBody(poison, bytes, none)).toBe(bytes)
    expect(changeBody(stale, { text: 'x' }, () => bytes)).toBe(bytes)
  })
})

describe('an earlier output', () => {
  const trace = new TraceBuilder()
  trace.ok(trace.call('tool:look', { input: '{"at":"a"}' }), 'first a')
  trace.ok(trace.call('tool:look', { input: '{"at":"b"}' }), 'b')
  trace.ok(trace.call('tool:read', { input: '{"at":"a"}' }), 'read')
  trace.fail(trace.call('tool:look', { input: '{"at":"a"}' }))
  const running = trace.call('tool:look', { input: '{"at":"c"}' })
  const asking = trace.call('tool:look', { input: '{"at":"a"}' })
  const later = trace.call('tool:look', { input: '{"at":"a"}' })
  trace.ok(later, 'later a')
  const { events } = trace.build()

  it('is that of the last call to the same site that succeeded, by its input', () => {
    expect(earlierOutput(events, asking, 'equal')).toBe('first a')
    expect(earlierOutput(events, asking, 'other')).toBe('b')
    expect(earlierOutput(events, later + 100, 'equal')).toBeUndefined()
  })

  it('may have begun earlier and ended meanwhile, and never began later', () => {
    trace.ok(running, 'c')
    expect(earlierOutput(trace.build().events, asking, 'other')).toBe('c')
    expect(earlierOutput(events, 0, 'equal')).toBeUndefined()
  })
})
