/**
 * Which functions finish on the thread pool, and so need their completions delivered in the order of their start. There
 * is one table per way of telling (callback or promise). What Node builds from other exported functions
 * (`fs.writeFile`, `fs.rm`) stands in neither. Its parts are ordered, and an order for the whole would wait for its own
 * parts. Nor do the parts that Node calls by themselves within a whole that stands here (`sync` of a handle, for a
 * write that is flushed).
 */
import { AsyncResource } from 'node:async_hooks'
import crypto from 'node:crypto'
import fs from 'node:fs'
import zlib from 'node:zlib'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const fileCallbacks = words(`
  access chmod chown close copyFile fchmod fchown fdatasync fstat fsync futimes lchown link lstat lutimes mkdir
  mkdtemp open read readFile readdir readlink readv rename rmdir stat statfs symlink unlink utimes write writev`)
const filePromises = words(`
  access appendFile chmod chown copyFile lchmod lchown link lstat lutimes mkdir mkdtemp open readFile readdir readlink
  realpath rename rmdir stat statfs symlink truncate unlink utimes writeFile`)
const handlePromises = words(`
  appendFile chmod chown read readFile readv stat truncate utimes write writeFile writev`)
const zlibCallbacks = words(`
  brotliCompress brotliDecompress deflate deflateRaw gunzip gzip inflate inflateRaw unzip zstdCompress zstdDecompress`)
const cryptoCallbacks = words(`
  checkPrime generateKey generateKeyPair generatePrime hkdf pbkdf2 scrypt sign verify`)
const subtlePromises = words(`
  decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign unwrapKey verify wrapKey`)

/** Completions are delivered in the order of their start while a trial is entered, and as they come otherwise. */
export function stubCompletions(patches: Patches): void {
  for (const name of fileCallbacks) patches.replace(fs, name, orderCallback)
  for (const name of zlibCallbacks) patches.replace(zlib, name, orderCallback)
  for (const name of cryptoCallbacks) patches.replace(crypto, name, orderCallback)
  for (const name of filePromises.filter((name) => name !== 'open')) patches.replace(fs.promises, name, orderPromise)
  const subtle: object = Object.getPrototypeOf(globalThis.crypto.subtle)
  for (const name of subtlePromises) patches.replace(subtle, name, orderPromise)
  patches.replace(fs.promises, 'open', (original) => openingHandles(patches, original))
}

function orderCallback(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const callback = args.at(-1)
    const { sequence } = shared
    if (!sequence || typeof callback !== 'function') return original.apply(this, args)
    const inContext = AsyncResource.bind(callback as Callable)
    let complete: ((deliver: () => void) => void) | undefined
    const inOrder = function (this: unknown, ...results: unknown[]) {
      const deliver = () => inContext.call(this, ...results)
      if (complete) complete(deliver)
      else deliver()
    }
    const returned = original.apply(this, [...args.slice(0, -1), inOrder])
    complete = sequence.start()
    return returned
  }
}

function orderPromise(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const { sequence } = shared
    const result = original.apply(this, args)
    if (!sequence || !(result instanceof Promise)) return result
    const complete = sequence.start()
    return new Promise((resolve, reject) => {
      result.then(
        (value) => complete(() => resolve(value)),
        (error: unknown) => complete(() => reject(error)),
      )
    })
  }
}

/** Node exports no class of its file handles: the first handle that is opened shows it. */
function openingHandles(patches: Patches, original: Callable): Callable {
  const open = orderPromise(original)
  let known: object | undefined
  return async function (this: unknown, ...args) {
    const handle = (await open.apply(this, args)) as object
    const prototype: object = Object.getPrototypeOf(handle)
    if (shared.sequence) Reflect.set(handle, 'close', orderPromise(Reflect.get(handle, 'close')))
    if (known !== prototype && shared.sequence) {
      known = prototype
      for (const name of handlePromises) patches.replace(prototype, name, orderPromise)
    }
    return handle
  }
}
