/** A Redis of its own. */
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { endDaemon, freePort, here, type Place, type Server, startDaemon } from './server.js'

export async function startRedis(folder: string, place: Place = here): Promise<Server> {
  const { address, command } = place
  const port = place.port ?? (await freePort())
  const kept = { dir: folder, save: '', appendonly: 'yes', appendfsync: 'always' }
  const options = { bind: address, port, 'protected-mode': 'no', ...kept }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const start = () => startDaemon(command(['redis-server', ...args]), /ready to accept connections/i)
  let daemon = await start()
  return {
    url: `redis://${address}:${port}`,
    urlRefused: `redis://me:a-long-secret@${address}:${port}`,
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
