import { describe, expect, it } from 'vitest'
import { noteBuiltins } from '../../../harness/sandbox/builtins.js'

/** What is noted while one property is another; nothing else runs before it is what it was. */
function notedWith(owner: object, key: PropertyKey, descriptor: PropertyDescriptor): readonly string[] {
  const before = Reflect.getOwnPropertyDescriptor(owner, key)
  const changes = noteBuiltins()
  Reflect.defineProperty(owner, key, { configurable: true, ...descriptor })
  const found = changes()
  if (before) Reflect.defineProperty(owner, key, before)
  else Reflect.deleteProperty(owner, key)
  return found
}

describe('the built-ins of the language', () => {
  it('are the same as long as nobody changes them', () => {
    const changes = noteBuiltins()
    expect(new Error('read').stack).toContain('read')
    expect(changes()).toEqual([])
  })

  it.each<readonly [string, object, PropertyKey, PropertyDescriptor]>([
    ['Array.prototype.some', Array.prototype, 'some', { value: () => false }],
    ['Array.prototype.toJSON', Array.prototype, 'toJSON', { value: () => [] }],
    ['Object.prototype.kind', Object.prototype, 'kind', { get: () => 'held' }],
    ['Array.prototype.Symbol(Symbol.iterator)', Array.prototype, Symbol.iterator, { value: () => undefined }],
    ['JSON.stringify', JSON, 'stringify', { value: () => '' }],
    ['Map', globalThis, 'Map', { value: class extends Map {} }],
    ['Set.prototype.size', Set.prototype, 'size', { get: () => 0 }],
  ])('name a change of %s, and nothing else', (name, owner, key, descriptor) => {
    expect(notedWith(owner, key, descriptor)).toEqual([name])
  })
})
