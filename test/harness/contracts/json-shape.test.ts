import { describe, expect, it } from 'vitest'
import { anything, flag, kindOf, listOf, mapOf, objectOf, oneOf, text } from '../../../harness/contracts/json-shape.js'

const shape = objectOf(
  {
    names: listOf(text),
    kind: kindOf({ on: objectOf({ kind: text, level: oneOf(1, 2) }), off: objectOf({ kind: text }) }),
  },
  { notes: mapOf(flag), more: anything },
)
const sound = { names: ['a'], kind: { kind: 'on', level: 1 } }

describe('a shape', () => {
  it('is had by what has it, with or without what is optional', () => {
    for (const more of [{}, { more: null, notes: { a: true } }, { kind: { kind: 'off' } }])
      expect(shape({ ...sound, ...more }, [])).toBeUndefined()
  })

  it.each([
    [null, [], 'expected an object, got null'],
    [{ kind: sound.kind }, ['names'], 'expected a list, got undefined'],
    [{ ...sound, names: ['a', 1] }, ['names', 1], 'expected a string, got 1'],
    [{ ...sound, nots: {} }, ['nots'], 'no such field is known. Did you mean "notes"?'],
    [{ ...sound, notes: { a: 'yes' } }, ['notes', 'a'], 'expected true or false, got "yes"'],
    [{ ...sound, kind: [] }, ['kind'], 'expected an object, got an array'],
    [{ ...sound, kind: { kind: 'constructor' } }, ['kind', 'kind'], 'expected "on" or "off", got "constructor"'],
    [{ ...sound, kind: { kind: 'on', level: 3 } }, ['kind', 'level'], 'expected 1 or 2, got 3'],
    [JSON.parse('{"__proto__": 1, "names": []}'), ['__proto__'], 'no such field is known.'],
  ])('tells the first thing that is not as it should be: %j', (value, path, rule) => {
    expect(shape(value, [])).toEqual({ path, rule })
  })
})
