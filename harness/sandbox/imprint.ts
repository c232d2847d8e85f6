/**
 * What a process is, as far as one scenario may find what another left: environment, directory, globals, prototypes,
 * listeners, descriptors. Taken before any of the user's modules loads, and compared when the
 * process is to be handed on. What it uses was captured before, for it may be what was replaced.
 */
import childProcess from 'node:child_process'
import fs from 'node:fs'
import Module from 'node:module'
import { lastingTimers } from './background.js'
import { openLines } from './lines.js'

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Reflect
const { is } = Object
const { readdirSync } = fs
const cwd = process.cwd.bind(process)
const umask: () => number = process.umask.bind(process)

/** One thing that a process is, by its name. Values are compared by identity. */
type Imprint = ReadonlyMap<string, unknown>

/** So many more than before are no longer what a process opens for itself: caches, a pipe, a compiled module. */
const descriptorsMore = 32
/** Names more than these are not told one by one. */
const namesMost = 5
/** Reading them warns, or costs what hardly anybody uses. */
const unread: ReadonlySet<PropertyKey> = new Set(['localStorage', 'sessionStorage'])

/** Of the process as it is. */
export function takeImprint(): Imprint {
  const imprint = new Map<string, unknown>()
  for (const name of ownKeys(process.env))
    imprint.set(`environment variable ${String(name)}`, process.env[String(name)])
  imprint.set('working directory', directory())
  imprint.set('umask', umask())
  imprint.set('process.title', process.title)
  imprint.set('process.exitCode', process.exitCode)
  for (const event of process.eventNames())
    noteAll(imprint, `a listener of ${String(event)}`, process.rawListeners(event))
  for (const key of ownKeys(globalThis)) {
    const name = String(key)
    const value = unread.has(key) ? undefined : Reflect.get(globalThis, key)
    if (typeof key === 'symbol' || isRegistry(name)) continue
    imprint.set(`global ${name}`, value)
    noteParts(imprint, name, value)
  }
  for (const [name, value] of hidden) noteParts(imprint, name, value)
  return imprint
}

/** By this custom packages name what they share with other copies of themselves; it belongs to them, and they stay loaded. */
function isRegistry(name: string): boolean {
  return name.startsWith('__')
}

/** What is no longer as it was, by its name and for people to read; empty where nothing is. */
export function changesSince(before: Imprint, descriptorsBefore: number): string[] {
  const now = takeImprint()
  const names = new Set([...before.keys(), ...now.keys()])
  const differs = (name: string) => !is(before.get(name), now.get(name))
  const changed = [...names].filter((name) => differs(name) && !differs(`global ${wholeOf(name)}`))
  return [
    ...changed.sort().slice(0, namesMost),
    ...(changed.length > namesMost ? [`${changed.length - namesMost} more`] : []),
    ...(openDescriptors() > descriptorsBefore + descriptorsMore ? ['open files'] : []),
    ...(showsStacks() ? [] : ['Error.prepareStackTrace']),
  ]
}

/** Loaders and compilers set it for good reasons, so it is known by what it does. */
function showsStacks(): boolean {
  try {
    const { stack } = new Error('probe')
    return typeof stack === 'string' && stack.startsWith('Error: probe')
  } catch {
    return false
  }
}

/** The global that something is a part of: of one that was replaced no part is told. */
function wholeOf(name: string): string {
  return /^(?:whether )?([^. []+)[. []/.exec(name)?.[1] ?? ''
}

/** Whether modules that were loaded go on by themselves: by timers and connections, which is their right. */
export function isAtWork(): boolean {
  return lastingTimers() > 0 || openLines() > 0
}

/** How many the process has open; 0 where it cannot be told. Where none is left to look with, they are all open. */
export function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'EMFILE' ? Number.POSITIVE_INFINITY : 0
  }
}

/** What no global leads to. */
const hidden: readonly (readonly [string, object])[] = [
  ['process', process],
  ['fs', fs],
  ['fs.promises', fs.promises],
  ['child_process', childProcess],
  ['module', Module],
  ['module._extensions', Reflect.get(Module, '_extensions') as object],
  ['Iterator.prototype', getPrototypeOf(getPrototypeOf([][Symbol.iterator]()) ?? {}) ?? {}],
  ['AsyncFunction.prototype', getPrototypeOf(async () => {}) ?? {}],
  ['TypedArray.prototype', getPrototypeOf(Uint8Array.prototype) ?? {}],
]

/** The own properties of a global and of its prototype. */
function noteParts(imprint: Map<string, unknown>, name: string, value: unknown): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || value === globalThis) return
  noteOwn(imprint, name, value)
  const descriptor = typeof value === 'function' ? getOwnPropertyDescriptor(value, 'prototype') : undefined
  if (descriptor && 'value' in descriptor && descriptor.value) noteOwn(imprint, `${name}.prototype`, descriptor.value)
}

/** Properties that come to be when Node, or the loader's compiler, first uses them. */
const lazy =
  /^(Error\.(prepareStackTrace|stackTraceLimit)$|process\.(_|std(in|out|err)$|env$|exitCode$|title$|domain$)|performance\.)/

function noteOwn(imprint: Map<string, unknown>, name: string, owner: object): void {
  imprint.set(`whether ${name} can be extended`, isExtensible(owner))
  for (const key of ownKeys(owner)) {
    const path = typeof key === 'symbol' ? `${name}[${key.description}]` : `${name}.${key}`
    if (lazy.test(path)) continue
    const { value, get, set } = getOwnPropertyDescriptor(owner, key) ?? {}
    // Numbers of these are counters: of stack frames, of what was made.
    if (typeof value === 'number' && name === 'process') continue
    imprint.set(path, get ?? set ?? value)
  }
}

function noteAll(imprint: Map<string, unknown>, name: string, values: readonly unknown[]): void {
  values.forEach((value, index) => {
    imprint.set(index === 0 ? name : `${name}, number ${index + 1}`, value)
  })
}

function directory(): string | undefined {
  try {
    return cwd()
  } catch {
    return undefined
  }
}
