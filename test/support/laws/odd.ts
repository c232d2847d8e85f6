/** What nobody means to hand over, put in place of anything within what is sound. Shared by the laws that try it at random. */
import fc from 'fast-check'

/** A share by default; `FUZZ=100000` tries as many, as is done by night. */
export function fuzzing(share: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: 22, numRuns: Number(process.env.FUZZ ?? share) }
}

/** With one of its values replaced, at any depth: each number of the path names a key, whatever keys there are. */
export function mutate(data: unknown, path: readonly number[], value: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof data !== 'object' || data === null) return value
  const keys = Object.keys(data)
  const key = keys[first % Math.max(1, keys.length)]
  if (key === undefined) return value
  const inner = mutate(Reflect.get(data, key), rest, value)
  return Array.isArray(data)
    ? data.map((item, index) => (String(index) === key ? inner : item))
    : { ...data, [key]: inner }
}

export const somewhere = fc.array(fc.nat(200), { minLength: 1, maxLength: 8 })

/** Data as JSON has it, and texts and numbers at the edges. */
export const oddJson = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>('', '\u0000', '\ud800', '__proto__', '../..', 'constructor', -0, -1, 1e308, 2 ** 53, [], {}),
)

/** Anything that a program can hold, functions that give anything included. */
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddJson,
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  fc
    .constantFrom<() => unknown>(
      () => undefined,
      () => Symbol('odd'),
      () => Number.NaN,
      () => new Proxy({}, { get: () => fail(), ownKeys: () => fail() }),
      () => Promise.reject(new Error('odd')),
      () => new Promise(() => {}),
      () => Object.defineProperty({}, 'name', { enumerable: true, get: () => fail() }),
    )
    .map((make) => make),
  fc.anything().map((value) => () => value),
  fc.anything().map((value) => async () => value),
  fc.constant(() => fail()),
)

function fail(): never {
  throw new Error('odd')
}
