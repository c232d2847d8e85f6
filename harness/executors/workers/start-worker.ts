/** How the process of a worker is started (V8's flags, group, pipes), and how long its pipes are listened to when it has ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { markName } from '../../sandbox/stubs/children.js'
import { inNamespace } from './namespace.js'

/** How long what a process said last may take to arrive, where somebody else holds its pipes open. */
const lastWordsMs = 1_000

const { bun, deno } = process.versions

/** That of this process; Bun and Deno start the one on the path, for they are none themselves. */
export const node: string = (bun ?? deno) === undefined ? process.execPath : 'node'

export interface StartOptions {
  readonly memoryMax: number
  readonly output: 'discard' | 'show'
  readonly networkNamespace?: boolean | undefined
  /** Of what is started in it. */
  readonly mark: string
}

/** `memoryMax` bounds the heap; the agent's own output goes nowhere, or to this process's standard error. */
export function startWorker({ memoryMax, output, networkNamespace, mark }: StartOptions): ChildProcess {
  const sink = output === 'show' ? 2 : 'ignore'
  const worker = { file: node, args: argumentsOf(memoryMax) }
  const { file, args } = networkNamespace ? inNamespace(worker) : worker
  return spawn(file, args, {
    // A group of its own, so that what the agent starts can be ended with it.
    detached: true,
    windowsHide: true,
    env: { ...process.env, [markName]: mark },
    // The last two are `requestsFd` and `answersFd`.
    stdio: ['ignore', sink, output === 'show' ? 2 : 'pipe', 'pipe', 'pipe'],
  })
}

function argumentsOf(memoryMax: number): readonly string[] {
  return [
    `--max-old-space-size=${memoryMax}`,
    // Each step of virtual time waits for V8's background work. Without threads for it there is none to wait for. And a
    // trial's garbage dies young in a larger nursery. Together they take a quarter off a trial. A nursery that is large
    // from the start takes 30 ms off the loading.
    '--v8-pool-size=0',
    '--min-semi-space-size=16',
    '--max-semi-space-size=32',
    fileURLToPath(new URL('./worker.js', import.meta.url)),
  ]
}

/** Whether a worker keeps this process alive. One that is kept for later does not: a test runner ends by itself. */
export function hold(child: ChildProcess, holds: boolean): void {
  const { stdio }: { readonly stdio?: ChildProcess['stdio'] } = child
  for (const handle of [child, ...(stdio ?? [])]) {
    const { ref, unref } = (handle ?? {}) as { readonly ref?: () => void; readonly unref?: () => void }
    Reflect.apply((holds ? ref : unref) ?? (() => {}), handle, [])
  }
}

/** With everything that is still in its group. */
export function endWorker(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

/** Resolves when all that was written into these pipes has been read, or somebody else holds them open. */
export function lastWords(pipes: readonly (Readable | null)[]): Promise<unknown> {
  const ended = pipes.map((pipe) =>
    !pipe || pipe.closed ? undefined : new Promise<void>((resolve) => pipe.once('close', resolve)),
  )
  let limit: NodeJS.Timeout | undefined
  const atLatest = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, lastWordsMs)
  })
  return Promise.race([Promise.all(ended), atLatest]).finally(() => clearTimeout(limit))
}
