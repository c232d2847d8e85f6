/** A Redis of its own. */
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { endDaemon, freePort, type Server, startDaemon } from './server.js'

export async function startRedis(folder: string): Promise<Server> {
  const port = await freePort()
  const options = { bind: '127.0.0.1', port, dir: folder, save: '', appendonly: 'yes', appendfsync: 'always' }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const start = () => startDaemon('redis-server', args, /ready to accept connections/i)
  let daemon = await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    urlRefused: `redis://me:a-long-secret@127.0.0.1:${port}`,
    crash: async (isTorn = false) => {
      await endDaemon(daemon, 'SIGKILL')
      if (isTorn) tear(join(folder, 'appendonlydir'))
      daemon = await start()
    },
    stop: () => endDaemon(daemon, 'SIGTERM'),
  }
}

/** The beginning of a command of which the rest was not written any more. */
function tear(folder: string): void {
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.incr.aof')) appendFileSync(join(folder, file), '*3\r\n$3\r\nSET\r\n$9\r\nhalf-wri')
  }
}
