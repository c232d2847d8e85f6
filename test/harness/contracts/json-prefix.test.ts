import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPrefix } from '../../../harness/contracts/json-prefix.js'

describe('readPrefix', () => {
  it('reads a whole record as JSON.parse does, however it is spaced', () => {
    const records = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }))
    fc.assert(
      fc.property(records, fc.constantFrom<string | number>(0, 2, '\t', '\r\n '), (record, space) => {
        const text = JSON.stringify(record, null, typeof space === 'string' ? undefined : space)
        const spaced = typeof space === 'string' ? `${space}${text}${space}` : text
        expect(readPrefix(spaced)).toMatchObject({ whole: true, value: JSON.parse(text) })
      }),
    )
  })

  it('knows of a beginning what came of it, and where each value begins', () => {
    const text = '{\n  "name": "refund",\n  "args": {\n    "cents": 42'
    const { whole, fields } = readPrefix(text)
    expect([whole, fields?.name?.whole, fields?.args?.whole]).toEqual([false, true, false])
    expect(text.slice(fields?.args?.from)).toBe('{\n    "cents": 42')
    expect(fields?.args?.fields?.cents).toMatchObject({ whole: false, value: undefined })
  })

  it.each(['{ ', '[ 1, ', '{ "a" ', '{ "a" : ', '{ "a" : [ ] , ', ''])('is not whole before its end: %j', (text) => {
    expect(readPrefix(text).whole).toBe(false)
  })
})
