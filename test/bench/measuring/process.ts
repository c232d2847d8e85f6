/** Sides in a process of their own, so that none meets what another did to the process. It works only when it is asked to. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { root } from '../../support/cli/command.js'
import type { Cost, Side } from './cost.js'

export interface SideProcess {
  side(name: string): Side
  end(): Promise<void>
}

/** What a module of sides exports as `sides`: work by name. It is given the arguments of `openProcess`. */
export type Sides = (...args: string[]) => Promise<Readonly<Record<string, () => unknown>>>

const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs')

/** `module` is a file of `test/bench`, which exports `sides`. */
export function openProcess(module: string, ...args: string[]): SideProcess {
  const script = join(root, 'test/bench/measuring/serve-main.ts')
  const child = spawn(process.execPath, [jiti, script, join(root, 'test/bench', module), ...args], {
    cwd: root,
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    env: { ...process.env, ANTHROPIC_API_KEY: 'none' },
  })
  const requests = child.stdio[0] as Writable
  const answers = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]()
  const run = async (name: string, times: number): Promise<Cost> => {
    requests.write(`${name} ${times}\n`)
    const { value, done } = await answers.next()
    if (done) throw new Error(`${module}: the process ended before it had done ${name}`)
    return JSON.parse(value)
  }
  return {
    side: (name) => ({ name, run: (times) => run(name, times) }),
    end: async () => {
      requests.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
