import { expect, it } from 'vitest'
import { lazyProperty } from '../../../harness/contracts/lazy-property.js'

it('is made once for each object, when it is first read', () => {
  const asked: string[] = []
  const withLength = lazyProperty('length', ({ text }: { readonly text: string }) => {
    asked.push(text)
    return text.length
  })
  const [one, three] = [withLength({ text: 'a' }), withLength({ text: 'abc' })]
  expect(asked).toEqual([])
  expect([three.length, one.length, three.length]).toEqual([3, 1, 3])
  expect(asked).toEqual(['abc', 'a'])
})

it('is there for JSON, spreading and a look at the names', () => {
  const object = lazyProperty('twice', ({ value }: { readonly value: number }) => value * 2)({ value: 4 })
  expect(JSON.parse(JSON.stringify(object))).toEqual({ value: 4, twice: 8 })
  expect({ ...object }).toEqual({ value: 4, twice: 8 })
  expect(Object.keys(object)).toEqual(['value', 'twice'])
})

it('has one accessor for all objects', () => {
  const withName = lazyProperty('name', () => 'n')
  const [left, right] = [withName({}), withName({})].map((object) => Object.getOwnPropertyDescriptor(object, 'name'))
  expect(left?.get).toBe(right?.get)
})
