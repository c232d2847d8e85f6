/**
 * Whether the language is what it was: the functions that our own code and every oracle stand upon. Cheaper than an imprint of the
 * whole process, so that it can be asked after each trial. It uses nothing but what it captured, for that may be what was replaced.
 */
const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Reflect
const { is } = Object
const toText = String

/** Names more than these are not told one by one. */
const namesMost = 5

interface Part {
  readonly key: PropertyKey
  /** Of a property with a getter, the getter. */
  readonly value: unknown
  readonly hasGetter: boolean
}

interface Whole {
  readonly name: string
  readonly owner: object
  readonly extensible: boolean
  readonly parts: readonly Part[]
}

const named: readonly (readonly [string, object])[] = [
  ...Object.entries({
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    RegExp,
    Promise,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Uint8Array,
    Error,
  }).flatMap(([name, whole]) => [[name, whole] as const, [`${name}.prototype`, whole.prototype as object] as const]),
  ['Math', Math],
  ['JSON', JSON],
  ['Reflect', Reflect],
  ['Iterator.prototype', prototypeOf(prototypeOf([][Symbol.iterator]()))],
  ['ArrayIterator.prototype', prototypeOf([][Symbol.iterator]())],
  ['MapIterator.prototype', prototypeOf(new Map().entries())],
  ['SetIterator.prototype', prototypeOf(new Set().values())],
  ['TypedArray.prototype', prototypeOf(Uint8Array.prototype)],
]

/** Node sets these when an error is first read. */
const lazy = /^Error\.(prepareStackTrace|stackTraceLimit)$/
const isLazy = lazy.test.bind(lazy)

function prototypeOf(value: object): object {
  return getPrototypeOf(value) ?? {}
}

/**
 * Notes what the built-ins are now. The function that comes back names what of them differs later: nothing where they are the
 * same.
 */
export function noteBuiltins(): () => readonly string[] {
  const wholes = named.map(([name, owner]): Whole => {
    const parts = ownKeys(owner).map((key) => partOf(owner, key))
    return { name, owner, extensible: isExtensible(owner), parts }
  })
  const globals = ownKeys(globalThis)
    .filter((key) => typeof key === 'string' && /^[A-Z]/.test(key))
    .map((key) => partOf(globalThis, key))
  wholes.push({ name: '', owner: globalThis, extensible: true, parts: globals })
  return () => changesIn(wholes)
}

/** Without a method of anything, and without an iterator: all of these may be the agent's. */
function changesIn(wholes: readonly Whole[]): readonly string[] {
  const changes: string[] = []
  let count = 0
  const note = (name: string) => {
    if (count < namesMost) changes[count] = name
    count++
  }
  for (let index = 0; index < wholes.length; index++) {
    const { name, owner, extensible, parts } = wholes[index] as Whole
    if (isExtensible(owner) !== extensible) note(`whether ${name} can be extended`)
    for (let at = 0; at < parts.length; at++) {
      const { key, value, hasGetter } = parts[at] as Part
      // Ten times as fast as to ask for a descriptor.
      const now = hasGetter ? partOf(owner, key).value : (owner as Readonly<Record<PropertyKey, unknown>>)[key]
      if (!is(now, value) && !isLazy(pathOf(name, key))) note(pathOf(name, key))
    }
    if (name !== '') noteNew(name, owner, parts, note)
  }
  if (count > namesMost) changes[namesMost] = `${count - namesMost} more`
  return changes
}

/** What was added: a method that is missing changes no verdict, but `toJSON` on a prototype does. */
function noteNew(name: string, owner: object, parts: readonly Part[], note: (name: string) => void): void {
  const keys = ownKeys(owner)
  if (keys.length === parts.length) return
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as PropertyKey
    // The order of keys is that in which they came to be, so what is new stands behind.
    if (parts[index]?.key === key || isAmong(key, parts) || isLazy(pathOf(name, key))) continue
    note(pathOf(name, key))
  }
}

function isAmong(key: PropertyKey, parts: readonly Part[]): boolean {
  for (let index = 0; index < parts.length; index++) if (parts[index]?.key === key) return true
  return false
}

function partOf(owner: object, key: PropertyKey): Part {
  const { value, get, set } = getOwnPropertyDescriptor(owner, key) ?? {}
  return { key, value: get ?? set ?? value, hasGetter: get !== undefined || set !== undefined }
}

function pathOf(name: string, key: PropertyKey): string {
  const part = toText(key)
  return name === '' ? part : `${name}.${part}`
}
