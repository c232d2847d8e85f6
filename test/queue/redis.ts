/** A Redis of its own. */
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
    crash: async () => {
      await endDaemon(daemon, 'SIGKILL')
      daemon = await start()
    },
    stop: () => endDaemon(daemon, 'SIGTERM'),
  }
}
