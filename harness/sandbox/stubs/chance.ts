/** Chance: `Math.random`, Web Crypto's and `node:crypto`'s random values. */
import crypto from 'node:crypto'
import type { Entropy } from '../entropy.js'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

/**
 * Random values are drawn from the trial's entropy while one is entered. The real function is called first all the same:
 * it checks the arguments in Node's own words and makes what is then overwritten.
 */
export function stubChance(patches: Patches): void {
  const random = (original: Callable) =>
    function random(this: unknown) {
      return shared.ambient ? shared.ambient.entropy.random() : original.call(this)
    }
  patches.replace(Math, 'random', random)
  const web: object = Object.getPrototypeOf(globalThis.crypto)
  for (const owner of [web, crypto])
    patches.replace(
      owner,
      'randomUUID',
      drawing((entropy) => entropy.uuid()),
    )
  patches.replace(web, 'getRandomValues', drawing(fill))
  patches.replace(crypto, 'randomFillSync', drawing(fill))
  patches.replace(crypto, 'randomBytes', orCallback(drawing(fill)))
  patches.replace(crypto, 'randomFill', (original) => {
    const fillSync = drawing(fill)(crypto.randomFillSync as Callable)
    return function randomFill(this: unknown, ...args) {
      const callback = args.at(-1)
      if (!shared.ambient || typeof callback !== 'function') return original.apply(this, args)
      return later(callback as Callable, fillSync.apply(crypto, args.slice(0, -1)))
    }
  })
  patches.replace(crypto, 'randomInt', orCallback(drawing(integer)))
}

type Draw = (entropy: Entropy, made: unknown, args: readonly unknown[]) => unknown

function drawing(draw: Draw) {
  return (original: Callable): Callable =>
    function (this: unknown, ...args) {
      const made = original.apply(this, args)
      return shared.ambient ? draw(shared.ambient.entropy, made, args) : made
    }
}

/** The form with a callback as the last argument, on top of the synchronous form. */
function orCallback(wrap: (original: Callable) => Callable) {
  return (original: Callable): Callable => {
    const sync = wrap(original)
    return function (this: unknown, ...args) {
      const callback = args.at(-1)
      if (!shared.ambient || typeof callback !== 'function') return sync.apply(this, args)
      return later(callback as Callable, sync.apply(this, args.slice(0, -1)))
    }
  }
}

function later(callback: Callable, value: unknown): void {
  shared.real.setImmediate(() => callback.call(undefined, null, value))
}

/** `args` are those of `randomFillSync`: offset and size count elements of the array, not bytes. */
function fill(entropy: Entropy, made: unknown, [, offset = 0, size]: readonly unknown[]): unknown {
  const all = bytesOf(made)
  const width = ArrayBuffer.isView(made) && 'BYTES_PER_ELEMENT' in made ? Number(made.BYTES_PER_ELEMENT) : 1
  const from = made instanceof Object && typeof offset === 'number' ? offset * width : 0
  const to = typeof size === 'number' ? from + size * width : all.length
  entropy.fill(all.subarray(from, to))
  return made
}

function bytesOf(value: unknown): Uint8Array {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return new Uint8Array(value as ArrayBuffer)
}

function integer(entropy: Entropy, _made: unknown, args: readonly unknown[]): number {
  const [min, max] = (typeof args[1] === 'number' ? args : [0, args[0]]) as [number, number]
  const bytes = new Uint8Array(8)
  entropy.fill(bytes)
  const drawn = new DataView(bytes.buffer).getBigUint64(0)
  return min + Number(drawn % BigInt(max - min))
}
