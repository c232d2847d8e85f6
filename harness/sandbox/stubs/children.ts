/**
 * What the agent starts beside itself: processes and threads. Processes carry a mark in their environment, in sessions of their own
 * too. By it whoever started this process finds them when it is over. Threads, and processes of Node, load the guard of the
 * network before anything else. The agent's own environment shows nothing of that.
 */
import childProcess, { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import workers from 'node:worker_threads'
import type { Company } from '../../contracts/beside.js'
import { shared } from '../shared.js'
import type { Callable, Patches } from './patches.js'

/** Its value is what this process was started with; without one nothing is marked. */
export const markName = 'AGENT_CHAOS_WORKER'
const allowName = 'AGENT_CHAOS_ALLOW'

const { [markName]: mark } = process.env
delete process.env[markName]

const guardFile = fileURLToPath(new URL('../guard.cjs', import.meta.url))
/** A bundle stands elsewhere than its modules did. */
const guard = [guardFile, fileURLToPath(new URL('../sandbox/guard.cjs', import.meta.url))].find((file) =>
  existsSync(file),
)

type Variables = Readonly<Record<string, string>>

export function stubChildren(patches: Patches): void {
  patches.replace(
    ChildProcess.prototype,
    'spawn',
    (original) =>
      function spawn(this: unknown, ...args) {
        const options = args[0] as { readonly file?: unknown; readonly envPairs?: string[] } | undefined
        if (options?.envPairs) {
          note(options.file)
          const present = new Map(options.envPairs.map((pair) => [pair.split('=')[0] ?? '', pair]))
          for (const [name, value] of Object.entries(extraVariables(valueIn(present.get('NODE_OPTIONS'))))) {
            const at = options.envPairs.indexOf(present.get(name) ?? '')
            options.envPairs.splice(at < 0 ? options.envPairs.length : at, 1, `${name}=${value}`)
          }
        }
        return original.apply(this, args)
      },
  )
  for (const name of ['spawnSync', 'execSync', 'execFileSync']) patches.replace(childProcess, name, marking)
  patches.replace(workers, 'Worker', guarding)
  syncBuiltinESMExports()
}

function valueIn(pair: string | undefined): string | undefined {
  return pair?.slice(pair.indexOf('=') + 1)
}

/** In a worker always, for threads are begun when modules load; elsewhere in a trial alone. */
function isGuarding(): boolean {
  return mark !== undefined || shared.ambient !== undefined
}

function extraVariables(nodeOptions = ''): Variables {
  const { ambient } = shared
  return {
    ...(mark !== undefined && { [markName]: mark }),
    ...(isGuarding() &&
      guard !== undefined && { NODE_OPTIONS: `${nodeOptions} --require ${JSON.stringify(guard)}`.trim() }),
    ...(ambient?.allow && ambient.allow.length > 0 && { [allowName]: JSON.stringify(ambient.allow) }),
  }
}

/** No program is called so. */
const aThread = '/thread'

/** What the agent has begun and written since the trial was entered, and threads from before; nothing where there is nothing to tell. */
export function companyOfTrial(): Company | undefined {
  const isNode = (program: string) => /^node(?:\.exe)?$/.test(program) || program === basename(process.execPath)
  const programs = [...shared.started].filter((program) => program !== aThread && !isNode(program)).sort()
  const hasThreads = shared.threads > 0 || shared.started.has(aThread)
  const written = [...shared.written].sort()
  return programs.length + written.length > 0 || hasThreads ? { programs, hasThreads, written } : undefined
}

/** For who reads of the trial. */
function note(file: unknown): void {
  if (shared.ambient && typeof file === 'string') shared.started.add(basename(file))
}

/** These read the environment when they are called, if they are not given one. */
function marking(original: Callable): Callable {
  return function run(this: unknown, ...args) {
    note(typeof args[0] === 'string' ? args[0].split(' ')[0] : undefined)
    const marked = args.map((arg) =>
      hasEnvironment(arg) ? { ...arg, env: { ...arg.env, ...extraVariables(arg.env.NODE_OPTIONS) } } : arg,
    )
    const before = Object.entries(extraVariables(process.env.NODE_OPTIONS)).map(([name, value]) => {
      const [old] = [process.env[name]]
      process.env[name] = value
      return [name, old] as const
    })
    try {
      return original.apply(this, marked)
    } finally {
      for (const [name, old] of before) {
        if (old === undefined) delete process.env[name]
        else process.env[name] = old
      }
    }
  }
}

function hasEnvironment(arg: unknown): arg is { readonly env: Variables } {
  return (
    typeof arg === 'object' &&
    arg !== null &&
    typeof Reflect.get(arg, 'env') === 'object' &&
    Reflect.get(arg, 'env') !== null
  )
}

/** Of the options of this process those that a thread takes. */
const ofThreads = /^(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions)(?:=|$)/

function guarding(original: Callable): Callable {
  function GuardedWorker(file: unknown, given?: unknown): unknown {
    const options = (given ?? {}) as workers.WorkerOptions
    const target = !new.target || new.target === (GuardedWorker as unknown) ? original : new.target
    const thread = Reflect.construct(
      original,
      [file, isGuarding() ? withGuard(options) : options],
      target,
    ) as workers.Worker
    if (shared.ambient) shared.started.add(aThread)
    shared.threads++
    thread.once('exit', () => shared.threads--)
    return thread
  }
  GuardedWorker.prototype = original.prototype
  return GuardedWorker
}

function withGuard(options: workers.WorkerOptions): workers.WorkerOptions {
  if (guard === undefined) return options
  const { [allowName]: allow } = extraVariables()
  const env =
    options.env === workers.SHARE_ENV || allow === undefined
      ? options.env
      : { ...process.env, ...options.env, [allowName]: allow }
  return {
    ...options,
    execArgv: [...(options.execArgv ?? optionsOfThreads()), '--require', guard],
    ...(env !== undefined && { env }),
  }
}

/** An option that stands apart from its value comes with it. */
function optionsOfThreads(): readonly string[] {
  return process.execArgv.flatMap((one, index, all) => {
    if (!ofThreads.test(one)) return []
    return one.includes('=') ? [one] : [one, all[index + 1] ?? '']
  })
}
