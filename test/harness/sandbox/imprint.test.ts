/** Proves what counts as a change of a process, and that each is named. */
import { closeSync, openSync } from 'node:fs'
import Module from 'node:module'
import { expect, it } from 'vitest'
import { changesSince, openDescriptors, takeImprint } from '../../../harness/sandbox/imprint.js'

/** What is named when `change` has been made; it returns its undo. */
function changesAfter(change: () => () => unknown): string[] {
  const [imprint, descriptors] = [takeImprint(), openDescriptors()]
  const undo = change()
  try {
    return changesSince(imprint, descriptors)
  } finally {
    undo()
  }
}

function replace(owner: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, key)
  Object.defineProperty(owner, key, { value, configurable: true, writable: true })
  return () => {
    if (before) Object.defineProperty(owner, key, before)
    else Reflect.deleteProperty(owner, key)
  }
}

const directory = process.cwd()
const listener = () => {}

it.each<[string, () => () => unknown, string[]]>([
  ['nothing', () => () => {}, []],
  [
    'a variable that is set',
    () => {
      process.env.CHANGED = 'x'
      return () => delete process.env.CHANGED
    },
    ['environment variable CHANGED'],
  ],
  ['the loader of modules', () => replace(Module, '_load', () => ({})), ['module._load']],
  ['a global that is replaced', () => replace(globalThis, 'WeakRef', class {}), ['global WeakRef']],
  ['a global that is new', () => replace(globalThis, 'counter', 1), ['global counter']],
  ['a property of a global', () => replace(Math, 'max', () => 0), ['Math.max']],
  ['a prototype that is polluted', () => replace(Object.prototype, 'polluted', 1), ['Object.prototype.polluted']],
  ['a method that is replaced', () => replace(String.prototype, 'trim', () => ''), ['String.prototype.trim']],

  ['a function of Node', () => replace(process, 'memoryUsage', () => 0), ['process.memoryUsage']],
  [
    'a listener',
    () => {
      process.on('SIGUSR2', listener)
      return () => process.off('SIGUSR2', listener)
    },
    ['a listener of SIGUSR2'],
  ],
])('%s', (_, change, names) => {
  expect(changesAfter(change)).toEqual(names)
})

it('a prototype that nothing can be added to', () => {
  // For good, so it is one that this process has no other use for.
  const names = changesAfter(() => {
    Object.preventExtensions(FinalizationRegistry.prototype)
    return () => {}
  })
  expect(names).toEqual(['whether FinalizationRegistry.prototype can be extended'])
})

it.runIf(process.platform === 'linux')('descriptors that are used up', () => {
  const opened: number[] = []
  const names = changesAfter(() => {
    for (let index = 0; index < 50; index++) opened.push(openSync(directory, 'r'))
    return () => {
      for (const fd of opened) closeSync(fd)
    }
  })
  expect(names).toEqual(['open files'])
})

it('names the first few of many', () => {
  const names = changesAfter(() => {
    for (let index = 0; index < 9; index++) process.env[`CHANGED_${index}`] = 'x'
    return () => {
      for (let index = 0; index < 9; index++) delete process.env[`CHANGED_${index}`]
    }
  })
  expect(names).toEqual([...[0, 1, 2, 3, 4].map((index) => `environment variable CHANGED_${index}`), '4 more'])
})
