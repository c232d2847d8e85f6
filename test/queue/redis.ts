/** A Redis of its own, on a free port of this machine, that forgets nothing when it is killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

export interface Redis {
  readonly url: string
  /** At once, as a machine that crashes; and up again, with all that it had answered for. */
  crash(): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(folder: string): Promise<Redis> {
  const port = await freePort()
  let server = await start(port, folder)
  const kill = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    crash: async () => {
      await kill('SIGKILL')
      server = await start(port, folder)
    },
    stop: () => kill('SIGTERM'),
  }
}

function start(port: number, folder: string): Promise<ChildProcess> {
  const options = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'yes', appendfsync: 'always' }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  return new Promise((resolve, reject) => {
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let printed = ''
    server.on('error', reject)
    server.on('exit', () => reject(new Error(`redis-server ended: ${printed}`)))
    server.stdout.on('data', (chunk) => {
      printed += chunk
      if (/ready to accept connections/i.test(printed)) resolve(server)
    })
  })
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { readonly port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
