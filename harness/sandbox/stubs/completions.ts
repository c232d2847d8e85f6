/**
 * Which functions finish on the thread pool, and so need their completions delivered in the order of their start. There
 * is one table per way of telling (callback or promise). What Node builds from other exported functions
 * (`fs.writeFile`, `fs.rm`) stands in neither. Its parts are ordered, and an order for the whole would wait for its own
 * parts.
 */
import { AsyncResource } from 'node:async_hooks'
import crypto from 'node:crypto'
import fs from 'node:fs'
import type { Complete, Sequence } from '../order.js'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

// Captured now, before it is replaced.
const { fstatSync } = fs

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const pathCallbacks = words(`
  access chmod chown copyFile lchown link lstat lutimes mkdir mkdtemp open opendir readFile readdir readlink rename rmdir
  stat statfs symlink unlink utimes`)
const descriptorCallbacks = words(`
  close fchmod fchown fdatasync fstat fsync ftruncate futimes read readv write writev`)
const filePromises = words(`
  access appendFile chmod chown copyFile lchmod lchown link lstat lutimes mkdir mkdtemp open opendir readFile readdir readlink
  realpath rename rmdir stat statfs symlink truncate unlink utimes writeFile`)
const handlePromises = words(`
  appendFile chmod chown read readFile readv stat truncate utimes write writeFile writev`)
/** Node calls these on handles of its own too, within a whole. So they are ordered on those handles alone that code opens. */
const ownHandlePromises = words('close datasync sync')
const cryptoCallbacks = words(`
  checkPrime generateKey generateKeyPair generatePrime hkdf pbkdf2 scrypt sign verify`)
const subtlePromises = words(`
  decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign unwrapKey verify wrapKey`)

/** Completions are delivered in the order of their start while a trial is entered, and as they come otherwise. */
export function stubCompletions(patches: Patches): void {
  for (const name of pathCallbacks) patches.replace(fs, name, orderCallback(onFiles))
  for (const name of descriptorCallbacks) patches.replace(fs, name, orderCallback(onDescriptor))
  for (const name of cryptoCallbacks) patches.replace(crypto, name, orderCallback(atOnce))
  for (const name of filePromises.filter((name) => name !== 'open')) {
    patches.replace(fs.promises, name, orderPromise(onFiles))
  }
  patches.replace(fs.realpath, 'native', orderCallback(onFiles))
  for (const name of ['read', 'close']) patches.replace(fs.Dir.prototype, name, orderEither(onFiles))
  for (const name of ['entries', Symbol.asyncIterator]) patches.replace(fs.Dir.prototype, name, readingEntries)
  const subtle: object = Object.getPrototypeOf(globalThis.crypto.subtle)
  for (const name of subtlePromises) patches.replace(subtle, name, orderPromise(atOnce))
  patches.replace(fs.promises, 'open', (original) => openingHandles(patches, original))
}

/** When work begins that was asked for with `first` as its first argument. */
type Begin = (sequence: Sequence, work: (complete: Complete) => void, first: unknown) => void

const atOnce: Begin = (sequence, work) => sequence.start(work)
const onFiles: Begin = (sequence, work) => sequence.startOnFiles(work)
const onDescriptor: Begin = (sequence, work, first) => (isNoFile(first) ? atOnce : onFiles)(sequence, work, first)

/** A pipe or terminal may be silent until somebody else writes, and nothing may wait for that. */
function isNoFile(descriptor: unknown): boolean {
  try {
    return !fstatSync(descriptor as number).isFile()
  } catch {
    // It fails by itself, in Node's own words.
    return true
  }
}

function orderCallback(begin: Begin): (original: Callable) => Callable {
  return (original) =>
    function (this: unknown, ...args) {
      const callback = args.at(-1)
      const { sequence } = shared
      if (!sequence || typeof callback !== 'function') return original.apply(this, args)
      const inContext = AsyncResource.bind(callback as Callable)
      let later = false
      const work = (complete: Complete) => {
        const inOrder = function (this: unknown, ...results: unknown[]) {
          complete(() => inContext.call(this, ...results))
        }
        try {
          original.apply(this, [...args.slice(0, -1), inOrder])
        } catch (error) {
          // Its caller has gone on, and has no other ear than this.
          if (later) inOrder(error)
          else throw error
        }
      }
      begin(sequence, work, args[0])
      later = true
      return undefined
    }
}

function orderPromise(begin: Begin): (original: Callable) => Callable {
  return (original) =>
    function (this: unknown, ...args) {
      const { sequence } = shared
      if (!sequence) return original.apply(this, args)
      return new Promise((resolve, reject) => {
        const work = (complete: Complete) =>
          (original.apply(this, args) as Promise<unknown>).then(
            (value) => complete(() => resolve(value)),
            (error: unknown) => complete(() => reject(error)),
          )
        begin(sequence, work, args[0])
      })
    }
}

/** For what tells by a promise where it is given no callback. */
function orderEither(begin: Begin): (original: Callable) => Callable {
  return (original) => {
    const [byCallback, byPromise] = [orderCallback(begin)(original), orderPromise(begin)(original)]
    return function (this: unknown, ...args) {
      return Reflect.apply(typeof args.at(-1) === 'function' ? byCallback : byPromise, this, args)
    }
  }
}

/** As Node goes through a directory, but by the functions that everybody calls. */
function readingEntries(original: Callable): Callable {
  return function (this: unknown, ...args) {
    return shared.sequence ? entriesOf(this as fs.Dir) : original.apply(this, args)
  }
}

async function* entriesOf(directory: fs.Dir): AsyncGenerator<fs.Dirent> {
  try {
    for (let entry = await directory.read(); entry !== null; entry = await directory.read()) yield entry
  } finally {
    await directory.close()
  }
}

/** What is asked of a handle is asked of its descriptor. */
function orderHandle(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const descriptor: unknown = Reflect.get(Object(this), 'fd')
    return orderPromise((sequence, work) => onDescriptor(sequence, work, descriptor))(original).apply(this, args)
  }
}

/** Node exports no class of its file handles: the first handle that is opened shows it. */
function openingHandles(patches: Patches, original: Callable): Callable {
  const open = orderPromise(onFiles)(original)
  let known: object | undefined
  return async function (this: unknown, ...args) {
    const handle = (await open.apply(this, args)) as object
    const prototype: object = Object.getPrototypeOf(handle)
    if (shared.sequence) {
      for (const name of ownHandlePromises) Reflect.set(handle, name, orderHandle(Reflect.get(handle, name)))
    }
    if (known !== prototype && shared.sequence) {
      known = prototype
      for (const name of handlePromises) patches.replace(prototype, name, orderHandle)
    }
    return handle
  }
}
