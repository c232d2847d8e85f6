/** What a failure is put on record as, and a state as text: whatever an agent throws, and whatever a world holds. */
import { describe, expect, it } from 'vitest'
import { errorFacts, stateText } from '../../../../harness/boundaries/calls/failures.js'

describe('a state as text', () => {
  it.each([
    ['a Map by its keys', { at: new Map([['a', 1]]) }, '{"at":{"a":1}}'],
    ['a Set as a list', { at: new Set([1, 2]) }, '{"at":[1,2]}'],
    ['a big integer with its mark', { at: 5n }, '{"at":"5n"}'],
    ['plain data as JSON', { at: [1, null, 'x'] }, '{"at":[1,null,"x"]}'],
  ])('has %s', (_, state, text) => expect(stateText(state)).toBe(text))

  it('of what JSON cannot hold names it', () => {
    const circle: Record<string, unknown> = { a: 1 }
    circle.self = circle
    expect(stateText(circle)).toBe('[Object]')
    expect(stateText(() => 1)).toBe('[function]')
    expect(stateText(undefined)).toBe('undefined')
  })
})

describe('the facts of an error', () => {
  it.each([
    ['of an error of a class', new TypeError('no'), { name: 'TypeError', message: 'no' }],
    [
      'with its code and status',
      Object.assign(new Error('no'), { code: 'E', status: 503 }),
      { name: 'Error', message: 'no', code: 'E', status: 503 },
    ],
    [
      'without a code that is no text',
      Object.assign(new Error('no'), { code: 5, status: '503' }),
      { name: 'Error', message: 'no' },
    ],
    ['of a text that was thrown', 'no', { name: 'string', message: 'no' }],
    ['of nothing that was thrown', null, { name: 'object', message: 'null' }],
    ['of an object that says nothing', { a: 1 }, { name: 'Error', message: '{"a":1}' }],
  ])('%s', (_, error, facts) => expect(errorFacts(error)).toEqual(facts))

  it('hold no more than 20000 characters of a message, with a mark', () => {
    const cut = { message: 'x'.repeat(20_000), cut: true }
    expect(errorFacts(new Error('x'.repeat(20_001)))).toEqual({ name: 'Error', ...cut })
    expect(errorFacts('x'.repeat(20_001))).toEqual({ name: 'string', ...cut })
    expect(errorFacts(new Error('x'.repeat(20_000)))).toEqual({ name: 'Error', message: cut.message })
  })

  it('leave out where newer versions of Node say that JSON broke', () => {
    const message = 'Unexpected token in JSON at position 4 (line 1 column 5)'
    expect(errorFacts(new SyntaxError(message)).message).toBe('Unexpected token in JSON at position 4')
  })
})
