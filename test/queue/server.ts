/** A server of a queue for tests, on a free port of this machine, that forgets nothing when it is killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

export interface Server {
  readonly url: string
  /** Of somebody whom it does not know. */
  readonly urlRefused: string
  /** At once, as a machine that crashes; and up again, with all that it had answered for. Torn: amid writing what it had not. */
  crash(isTorn?: boolean): Promise<void>
  stop(): Promise<void>
}

/** A machine for it. */
export interface Place {
  readonly address: string
  /** One that is free, where none is named. */
  readonly port?: number
  /** The command as it is to be run for it to run there. */
  command(words: readonly string[]): readonly string[]
}

export const here: Place = { address: '127.0.0.1', command: (words) => words }

/** Starts it in a folder that is there, and empty, or has what another one left. */
export type StartServer = (folder: string, place?: Place) => Promise<Server>

/** Resolves once it prints that it is ready. Rejects with what it printed where it ends before. */
export function startDaemon([file = '', ...args]: readonly string[], ready: RegExp): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const daemon = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    const read = (chunk: Buffer) => {
      printed += chunk
      if (ready.test(printed)) resolve(daemon)
    }
    daemon.on('error', reject)
    daemon.on('close', () => reject(new Error(`${file} ended: ${printed}`)))
    daemon.stdout.on('data', read)
    daemon.stderr.on('data', read)
  })
}

export async function endDaemon(daemon: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(daemon, 'exit')
  daemon.kill(signal)
  await ended
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { readonly port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
