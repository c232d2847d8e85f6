/**
 * What an agent writes outside the trial's folder: no fault strikes there, and what it wrote is there for the next trial. So it
 * is on record. Nothing is kept from it, for a cache or a log may well belong there.
 */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { shared } from '../../sandbox/shared.js'
import type { Callable, Patches } from '../../sandbox/stubs/patches.js'
import { pathText } from './boundary.js'
import { writes } from './calls.js'

/** Which arguments are paths that are written to. */
const writing: Readonly<Record<string, readonly number[]>> = {
  appendFile: [0],
  chmod: [0],
  copyFile: [1],
  cp: [1],
  link: [1],
  mkdir: [0],
  rename: [0, 1],
  rm: [0],
  rmdir: [0],
  symlink: [1],
  truncate: [0],
  unlink: [0],
  writeFile: [0],
}

/** More than these are not remembered: an agent may write without end. */
const pathsMost = 100

/** Folders of trials, and modules that were compiled; as they are called before the agent may say otherwise. */
const own = [tmpdir(), real(tmpdir())].map((folder) => join(folder, 'agent-chaos-'))
/** Devices and the system's own figures keep nothing; the last is how Windows names them. */
const nowhere = [...['dev', 'proc', 'sys'].map((name) => `${sep}${name}${sep}`), '\\\\.\\']

export function stubOutside(patches: Patches): void {
  for (const [name, indices] of Object.entries(writing)) {
    const noting = (original: Callable): Callable =>
      function (this: unknown, ...args) {
        for (const index of indices) note(args[index])
        return original.apply(this, args)
      }
    for (const [owner, key] of formsOf(name)) patches.replace(owner, key, noting)
  }
  for (const [owner, key] of formsOf('open')) {
    patches.replace(
      owner,
      key,
      (original) =>
        function (this: unknown, ...args) {
          if (writes(args[1])) note(args[0])
          return original.apply(this, args)
        },
    )
  }
}

function formsOf(name: string): readonly (readonly [owner: object, key: string])[] {
  return [
    [fs, name],
    [fs, `${name}Sync`],
    [fs.promises, name],
  ]
}

function note(target: unknown): void {
  const given = shared.ambient && shared.written.size < pathsMost ? pathText(target) : undefined
  if (given === undefined) return
  const path = resolve(given)
  if (![...own, ...nowhere].some((start) => path.startsWith(start))) shared.written.add(path)
}

function real(path: string): string {
  try {
    return fs.realpathSync(path)
  } catch {
    return path
  }
}
