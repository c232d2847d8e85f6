/**
 * Catches what Node writes below the directory of the trial that is entered. There is one table of functions, and one
 * form per way of telling (callback, promise, synchronous). Upon the stubs of `completions.ts`, whose order it keeps.
 */
import { AsyncResource } from 'node:async_hooks'
import fs from 'node:fs'
import { never } from '../../contracts/crossing.js'
import { shared } from '../../sandbox/shared.js'
import type { Callable, Patches } from '../../sandbox/stubs/patches.js'
import type { FileBoundary, FilePlace } from './boundary.js'
import { bytesOf, oneWrite, type ReadCall, renaming, vectorWrite, wholeFile, writeOptions, writes } from './calls.js'
import { watching } from './guest.js'
import { stubLooks } from './looks.js'
import { copying, lookups, truncating } from './others.js'
import { stubOutside } from './outside.js'
import { carryOut, carryOutSync, refuseSync } from './treatment.js'

type Make = (original: Callable) => Callable
type Args = readonly unknown[]

/** Those that are told a path, and exist with promises too. */
const byPath: Readonly<Record<string, ReadCall>> = {
  writeFile: wholeFile('w'),
  appendFile: wholeFile('a'),
  rename: renaming,
  copyFile: copying,
  truncate: truncating,
}
const byDescriptor: Readonly<Record<string, ReadCall>> = {
  write: oneWrite,
  writev: vectorWrite,
  ftruncate: truncating,
}
const byHandle: Readonly<Record<string, ReadCall>> = {
  write: oneWrite,
  writev: vectorWrite,
  truncate: truncating,
  writeFile: wholeFile('w'),
  appendFile: wholeFile('a'),
}

/** What else changes a directory: no crossings of their own, and closed to an agent that has crashed. */
const changing = [
  'copyFile',
  'cp',
  'ftruncate',
  'link',
  'mkdir',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
]

/** Every write below the trial's directory is a crossing; everything else is passed on untouched. */
export function stubFiles(patches: Patches): void {
  stubOutside(patches)
  for (const name of changing) {
    patches.replace(
      fs,
      name,
      guard(() => undefined),
    )
    patches.replace(fs, `${name}Sync`, guard(refuseSync))
    patches.replace(fs.promises, name, guard(never))
  }
  for (const [name, read] of Object.entries({ ...byPath, ...byDescriptor })) {
    patches.replace(fs, name, onStillDisk(read, withCallback(read)))
    patches.replace(fs, `${name}Sync`, synchronous(read))
  }
  for (const [name, read] of Object.entries(byPath)) {
    patches.replace(fs.promises, name, onStillDisk(read, withPromise(read)))
  }
  patches.replace(fs, 'open', openingWithCallback)
  patches.replace(fs, 'openSync', openingSync)
  patches.replace(fs.promises, 'open', openingHandles)
  for (const name of ['close', 'closeSync']) patches.replace(fs, name, closing)
  for (const [name, read] of Object.entries(lookups)) {
    patches.replace(fs, name, withCallback(read))
    patches.replace(fs, `${name}Sync`, synchronous(read))
    patches.replace(fs.promises, name, withPromise(read))
  }
  stubLooks(patches)
}

function withCallback(read: ReadCall): Make {
  return (original) =>
    function (this: unknown, ...args) {
      const files = watching()
      const callback = args.at(-1)
      const call = files && typeof callback === 'function' ? read(files, args.slice(0, -1)) : undefined
      if (!files || !call) return original.apply(this, args)
      const perform = (given: Args) =>
        new Promise<unknown[]>((resolve, reject) => {
          const onDone = (error: unknown, ...results: unknown[]) =>
            error ? reject(error) : resolve([error, ...results])
          files.alone(() => original.call(this, ...given, onDone))
        })
      // Not from within the promise, where what a callback throws would be a rejection that nobody handles.
      const tell = (...results: unknown[]) => process.nextTick(callback as Callable, ...results)
      carryOut(files, call, perform).then(
        (results = [null]) => tell(...results),
        (error: unknown) => tell(error, ...call.afterError),
      )
      return undefined
    }
}

function synchronous(read: ReadCall): Make {
  return (original) =>
    function (this: unknown, ...args) {
      const files = watching()
      const call = files && read(files, args)
      if (!call) return original.apply(this, args)
      return carryOutSync(files, call, (given) => files.alone(() => original.apply(this, [...given])))
    }
}

function withPromise(read: ReadCall): Make {
  return (original) =>
    function (this: unknown, ...args) {
      const files = watching()
      return files
        ? interceptWrite(files, read, args, (given) => original.apply(this, [...given]))
        : original.apply(this, args)
    }
}

/** A copy is read from the disk before it is known what is asked. Nothing that is under way may change that meanwhile. */
function onStillDisk(read: ReadCall, make: Make): Make {
  if (read !== copying) return make
  return (original) => {
    const copy = make(original)
    return function (this: unknown, ...args) {
      const { sequence } = shared
      if (!watching() || !sequence?.isOnFiles) return copy.apply(this, args)
      const inContext = AsyncResource.bind(() => copy.apply(this, args))
      const copied = new Promise((resolve) =>
        sequence.startOnFiles((complete) => {
          resolve(inContext())
          complete(() => {})
        }),
      )
      return typeof args.at(-1) === 'function' ? undefined : copied
    }
  }
}

/** Writes what is told as chunks once all of them are there: only then it is known what is asked. */
function interceptWrite(files: FileBoundary, read: ReadCall, args: Args, original: (args: Args) => unknown): unknown {
  const now = (given: Args): unknown => {
    const call = read(files, given)
    if (!call) return original(given)
    return carryOut(files, call, (part) => files.alone(() => original(part) as Promise<unknown>))
  }
  const [target, data, options] = args
  const chunked = takesChunks.has(read) && isIterable(data) && files.placeOf(target)
  return chunked ? gather(data, options, (bytes) => now([target, bytes, options])) : now(args)
}

/** Data of these may come as it is made. */
const takesChunks: ReadonlySet<ReadCall | undefined> = new Set([
  ...[byPath.writeFile, byPath.appendFile],
  ...[byHandle.writeFile, byHandle.appendFile],
])

function isIterable(data: unknown): data is AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data)) return false
  return Symbol.asyncIterator in data || Symbol.iterator in data
}

/** What came before the chunks failed is written, as it would have been; then their failure is the caller's. */
async function gather(
  data: AsyncIterable<unknown>,
  options: unknown,
  write: (bytes: Buffer) => unknown,
): Promise<unknown> {
  const encoding = (writeOptions(options)?.encoding ?? 'utf8') as BufferEncoding
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of data) chunks.push(bytesOf(chunk, encoding) ?? Buffer.from(chunk as string, encoding))
  } catch (error) {
    await write(Buffer.concat(chunks))
    throw error
  }
  return write(Buffer.concat(chunks))
}

/** Where opening `path` with `flags` makes writes possible. */
function placeToWrite(files: FileBoundary | undefined, path: unknown, flags: unknown): FilePlace | undefined {
  return files && writes(flags) ? files.placeOf(path) : undefined
}

function openingWithCallback(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const files = watching()
    const callback = args.at(-1)
    if (!files || typeof callback !== 'function') return original.apply(this, args)
    const place = placeToWrite(files, args[0], args[1])
    if (place?.crossings.frozen) return undefined
    const onOpen = function (this: unknown, error: unknown, fd: unknown) {
      if (!error) note(files, fd as number, place)
      return (callback as Callable).call(this, error, fd)
    }
    return original.apply(this, [...args.slice(0, -1), onOpen])
  }
}

function openingSync(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const files = watching()
    const place = placeToWrite(files, args[0], args[1])
    if (place?.crossings.frozen) refuseSync()
    const fd = original.apply(this, args)
    if (files) note(files, fd as number, place)
    return fd
  }
}

function note(files: FileBoundary, fd: number, place: FilePlace | undefined): void {
  if (place) files.registerOpen(fd, place)
  else files.forget(fd)
}

interface Handle {
  readonly fd: number
  close(): Promise<void>
}

function openingHandles(original: Callable): Callable {
  return async function (this: unknown, ...args) {
    const files = watching()
    const place = placeToWrite(files, args[0], args[1])
    if (place?.crossings.frozen) return never()
    const handle = (await original.apply(this, args)) as Handle
    if (files && place) watchHandle(files, handle, place)
    return handle
  }
}

/** On the one handle and not on all: those of others stay as they are, and there is nothing to put back. */
function watchHandle(files: FileBoundary, handle: Handle, place: FilePlace): void {
  const { fd } = handle
  const put = (name: string, make: Make) => {
    const value = make(Reflect.get(handle, name) as Callable)
    Object.defineProperty(handle, name, { value, writable: true, enumerable: false, configurable: true })
  }
  for (const [name, read] of Object.entries(byHandle)) put(name, (original) => ofHandle(files, handle, read, original))
  put('close', (original) => () => {
    files.forget(fd)
    return original.call(handle)
  })
  const giveBack = () => void handle.close().catch(() => {})
  files.registerOpen(fd, place, giveBack, handle)
}

function ofHandle(files: FileBoundary, handle: Handle, read: ReadCall, original: Callable): Callable {
  return (...args) => {
    if (!files.watching) return original.apply(handle, args)
    return interceptWrite(files, read, [handle, ...args], (given) => original.apply(handle, given.slice(1)))
  }
}

function closing(original: Callable): Callable {
  return function (this: unknown, ...args) {
    watching()?.forget(args[0] as number)
    return original.apply(this, args)
  }
}

/** The agent's process is gone, and nothing that it left behind changes what its next start finds. */
function guard(refuse: () => unknown): Make {
  return (original) =>
    function (this: unknown, ...args) {
      const files = watching()
      const places = files
        ? [files.placeOf(args[0]), typeof args[1] === 'number' ? undefined : files.placeOf(args[1])]
        : []
      return places.some((place) => place?.crossings.frozen) ? refuse() : original.apply(this, args)
    }
}
