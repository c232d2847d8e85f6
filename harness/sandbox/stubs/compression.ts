/**
 * Compression happens on the thread pool, piece by piece. The handle beneath a stream is told of each piece, and there it
 * is ordered. So is all that Node builds on it: `zlib.gzip`, `CompressionStream`, and the bodies that `fetch` decodes.
 */
import { AsyncResource } from 'node:async_hooks'
import zlib from 'node:zlib'
import type { Complete } from '../order.js'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

/** One of each class of handles; Zstandard is not in every Node. */
const creators = [
  'createGzip',
  'createBrotliCompress',
  'createBrotliDecompress',
  'createZstdCompress',
  'createZstdDecompress',
]

/** The handles whose answers come by way of us, with what is to be called for the piece that is under way. */
const underWay = new WeakMap<object, { complete: Complete | undefined; hearsErrors: boolean }>()

export function stubCompression(patches: Patches): void {
  for (const name of creators) {
    const create: unknown = Reflect.get(zlib, name)
    if (typeof create !== 'function') continue
    const stream: zlib.Gzip = Reflect.apply(create, zlib, [])
    const prototype: unknown = Object.getPrototypeOf(Object(Reflect.get(stream, '_handle')))
    stream.close()
    patches.replace(prototype as object, 'init', hearing)
    patches.replace(prototype as object, 'write', ordering)
  }
}

function hearing(original: Callable): Callable {
  return function (this: unknown, ...args) {
    underWay.set(this as object, { complete: undefined, hearsErrors: false })
    return original.apply(
      this,
      args.map((arg) => (typeof arg === 'function' ? telling(arg as Callable) : arg)),
    )
  }
}

function ordering(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const piece = underWay.get(this as object)
    const { sequence } = shared
    if (!sequence || !piece) return original.apply(this, args)
    // It is set after the handle was made.
    if (!piece.hearsErrors) Reflect.set(this as object, 'onerror', telling(Reflect.get(this as object, 'onerror')))
    piece.hearsErrors = true
    sequence.start((complete) => {
      piece.complete = complete
      original.apply(this, args)
    })
    return undefined
  }
}

/** Tells the stream when it is its turn. */
function telling(tell: Callable): Callable {
  const inContext = AsyncResource.bind(tell)
  return function (this: unknown, ...results) {
    const piece = underWay.get(this as object)
    const complete = piece?.complete
    if (!piece || !complete) return tell.apply(this, results)
    piece.complete = undefined
    complete(() => inContext.apply(this, results))
    return undefined
  }
}
