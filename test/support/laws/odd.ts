/** What nobody means to hand over, put in place of anything within what is sound. Shared by the laws that try it at random. */
import fc from 'fast-check'
import { catalogue } from '../../../faults/catalogue.js'

/** A share by default; `FUZZ=100000` tries as many, and `FUZZ_SEED` others than usual, as is done by night. */
export function fuzzing(share: number): { readonly seed: number; readonly numRuns: number } {
  const { FUZZ = share, FUZZ_SEED = 22 } = process.env
  return { seed: Number(FUZZ_SEED), numRuns: Number(FUZZ) }
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

/** Pieces of the notation of plans, in any order. */
export const notation = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'tool:',
          'model:',
          '*',
          'refund',
          '#1',
          '#2..',
          '/2',
          ' x3',
          ' = ',
          ' + ',
          '; ',
          '@',
          '(',
          ')',
          ', ',
        ),
      },
      fc.constantFrom(...catalogue.map(({ name }) => name)),
      fc.constantFrom('ms: 5', 'status=503', '"', "'", '\\', '#', '..', '-1', '1e9', '\u0000'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''))

/** Stands for lists in lists, which no writer of JSON can write. */
const deepMark = 'nested:'
const deep = fc.constantFrom(100, 900, 2_000, 20_000, 200_000).map((depth) => `${deepMark}${depth}`)

/** JSON, with what `deep` stands for in its place. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value).replace(new RegExp(`"${deepMark}(\\d+)"`, 'g'), (_, depth: string) => {
    return `${'['.repeat(Number(depth))}${']'.repeat(Number(depth))}`
  })
}

/** What looks as if it could stand there. */
export const nearbyJson = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>(-1, 0, 1, 2, 1e9, 2 ** 53, 0.5, true, false, null, '', 'one', '#') },
  { weight: 8, arbitrary: oddJson },
  { weight: 1, arbitrary: deep },
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

/** Of a file: bytes put in, taken out, or put in place of others, as by an editor or a disk. */
export const alteredBytes = fc
  .tuple(fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 40 }), fc.constantFrom('turn', 'splice', 'cut'))
  .map(([where, length, bytes, how]) => (file: Buffer) => {
    const at = where % file.length
    const [before, after] = [file.subarray(0, at), file.subarray(at)]
    if (how === 'cut') return before
    // One bit.
    const turned = Buffer.from([(after[0] ?? 0) ^ (1 << (length % 8))])
    return how === 'turn'
      ? Buffer.concat([before, turned, after.subarray(1)])
      : Buffer.concat([before, bytes, after.subarray(length)])
  })

/** Of a file in lines. */
export const alteredLines = fc
  .tuple(fc.nat(), fc.nat(), fc.constantFrom('swap', 'repeat', 'cut', 'copy', 'put'), fc.oneof(fc.json(), fc.string()))
  .map(([one, other, how, text]) => (lines: readonly string[]) => {
    const [at, to] = [one % lines.length, other % lines.length]
    const line = lines[at] ?? ''
    const rest = lines.filter((_, index) => index !== at)
    if (how === 'cut') return rest
    if (how === 'repeat') return lines.toSpliced(at, 0, line)
    if (how === 'copy') return lines.toSpliced(to, 0, line)
    if (how === 'put') return lines.toSpliced(at, 0, text)
    return lines.with(at, lines[to] ?? '').with(to, line)
  })
