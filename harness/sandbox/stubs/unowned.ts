/**
 * Readings of time and chance that no trial owns: memory and load of the machine, keys of real chance, realms with a clock of their
 * own. A trial in which they are read may not repeat itself. Nobody is stopped from reading them; where it is asked for, the
 * trial says which were read, and by what code.
 */
import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import { performance } from 'node:perf_hooks'
import v8 from 'node:v8'
import vm from 'node:vm'
import workers from 'node:worker_threads'
import type { Unowned } from '../../contracts/beside.js'
import { callFrames } from '../../contracts/place.js'
import { shorten } from '../../contracts/shown-path.js'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

const words = (text: string): string[] => text.trim().split(/\s+/)

/** Functions, by what they are called in a message. */
const functions: readonly (readonly [owner: object, shown: string, names: readonly string[]])[] = [
  [process, 'process', words('memoryUsage cpuUsage threadCpuUsage resourceUsage availableMemory constrainedMemory')],
  [process.memoryUsage, 'process.memoryUsage', ['rss']],
  [os, 'os', words('freemem loadavg uptime')],
  [v8, 'v8', words('getHeapStatistics getHeapSpaceStatistics')],
  [Object.getPrototypeOf(performance), 'performance', words('mark measure eventLoopUtilization')],
  [Atomics, 'Atomics', words('wait waitAsync')],
  [
    crypto,
    'crypto',
    words('generateKey generateKeySync generateKeyPair generateKeyPairSync generatePrime generatePrimeSync'),
  ],
  [crypto.ECDH.prototype, 'ECDH', ['generateKeys']],
  [crypto.DiffieHellman.prototype, 'DiffieHellman', ['generateKeys']],
  [Object.getPrototypeOf(globalThis.crypto.subtle), 'crypto.subtle', ['generateKey']],
  [fs, 'fs', words('mkdtemp mkdtempSync watch watchFile')],
  [fs.promises, 'fs.promises', words('mkdtemp watch')],
  [vm, 'vm', words('createContext runInNewContext')],
  [childProcess.ChildProcess.prototype, 'ChildProcess', ['spawn']],
  [childProcess, 'child_process', words('spawnSync execSync execFileSync')],
]

/** Readings that are no calls. */
const getters: readonly (readonly [owner: object, shown: string, name: string])[] = [
  [Event.prototype, 'Event', 'timeStamp'],
]

/** Upon the other stubs: what they own of these, they still do. */
export function stubUnowned(patches: Patches): void {
  for (const [owner, shown, names] of functions) {
    for (const name of names) patches.replace(owner, name, noting(`${shown}.${name}`))
  }
  for (const [owner, shown, name] of getters) {
    const read = Object.getOwnPropertyDescriptor(owner, name)?.get
    if (read) patches.define(owner, name, { get: noting(`${shown}.${name}`)(read as Callable) })
  }
  patches.replace(workers, 'Worker', (original) => {
    function NotedWorker(...args: unknown[]): unknown {
      note('worker_threads.Worker')
      return Reflect.construct(original, args, new.target === (NotedWorker as unknown) ? original : new.target)
    }
    NotedWorker.prototype = original.prototype
    return NotedWorker as Callable
  })
}

function noting(what: string) {
  return (original: Callable): Callable =>
    function (this: unknown, ...args) {
      note(what)
      return original.apply(this, args)
    }
}

const framesMost = 5

/** Only what the agent, or code that it stands on, reads: the harness has a clock of its own. */
function note(what: string): void {
  const { unowned } = shared
  if (!shared.ambient || !unowned) return
  const stack = callFrames(framesMost).map((where) => shorten(where, root) ?? where)
  const [where] = stack
  if (where !== undefined) unowned.set(`${what} ${where}`, { what, stack })
}

let root = '/'

/** From now on trials of this process are watched, and places told from the folder. */
export function watchUnowned(folder: string): void {
  root = folder
  shared.unowned ??= new Map()
}

/** What was read since the trial was entered, once for each place. */
export function unownedOfTrial(): readonly Unowned[] | undefined {
  const { unowned } = shared
  return unowned && unowned.size > 0 ? [...unowned.values()] : undefined
}
