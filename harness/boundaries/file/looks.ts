/** Notes which files the agent has looked at and found: what vanishes between a look and a use is a fault of its own. */
import fs from 'node:fs'
import type { Callable, Patches } from '../../sandbox/stubs/patches.js'
import { watching } from './guest.js'

/** Whether what was looked at is there, by what the synchronous form returns. It may throw, too, where it is not. */
const looks: Readonly<Record<string, (result: unknown) => boolean>> = {
  access: () => true,
  exists: (result) => result === true,
  lstat: (result) => result !== undefined,
  stat: (result) => result !== undefined,
}

export function stubLooks(patches: Patches): void {
  for (const [name, isThere] of Object.entries(looks)) {
    patches.replace(fs, name, lookingWithCallback)
    patches.replace(fs, `${name}Sync`, lookingSync(isThere))
    if (name in fs.promises) patches.replace(fs.promises, name, lookingWithPromise)
  }
}

/** A callback is told that nothing is wrong, or, by `exists`, that it is there. */
function lookingWithCallback(original: Callable): Callable {
  return function (this: unknown, ...args) {
    const files = watching()
    const callback = args.at(-1)
    if (!files || typeof callback !== 'function') return original.apply(this, args)
    const onLook = function (this: unknown, ...results: unknown[]) {
      const [first] = results
      if (first === null || first === undefined || first === true) files.noteSeen(args[0])
      return Reflect.apply(callback as Callable, this, results)
    }
    return original.apply(this, [...args.slice(0, -1), onLook])
  }
}

function lookingSync(isThere: (result: unknown) => boolean): (original: Callable) => Callable {
  return (original) =>
    function (this: unknown, ...args) {
      const result = original.apply(this, args)
      if (isThere(result)) watching()?.noteSeen(args[0])
      return result
    }
}

function lookingWithPromise(original: Callable): Callable {
  return async function (this: unknown, ...args) {
    const result = await (original.apply(this, args) as Promise<unknown>)
    watching()?.noteSeen(args[0])
    return result
  }
}
