/** A PostgreSQL of its own: Debian's, which does not run as root. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endDaemon, freePort, here, type Place, type Server, startDaemon } from './server.js'

const versions = '/usr/lib/postgresql'
const password = 'of-the-test'
/** `nobody` and its group, on Debian. */
const nobody = 65_534

export async function startPostgres(folder: string, place: Place = here): Promise<Server> {
  const { address, command } = place
  const port = place.port ?? (await freePort())
  const data = join(folder, 'data')
  if (!existsSync(data)) makeData(folder, data)
  const settings = { listen_addresses: address, port, unix_socket_directories: '', log_min_messages: 'warning' }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const words = command(asNobody([join(binaries(), 'postgres'), '-D', data, ...args]))
  const start = () => startDaemon(words, /ready to accept connections/i)
  let daemon = await start()
  const at = `${address}:${port}/postgres`
  return {
    url: `postgres://chaos:${password}@${at}`,
    urlRefused: `postgres://chaos:a-long-secret@${at}`,
    crash: async () => {
      await endDaemon(daemon, 'SIGKILL')
      daemon = await startAgain(start)
    },
    // It waits for nobody who is still connected.
    stop: () => endDaemon(daemon, 'SIGINT'),
  }
}

/** Its processes see that the first one is gone, and until then hold the memory that they shared. */
async function startAgain<T>(start: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await start()
    } catch (error) {
      if (!/still in use|lock file/.test(String(error))) throw error
    }
  }
}

function makeData(folder: string, data: string): void {
  const secret = join(folder, 'password')
  mkdirSync(data)
  writeFileSync(secret, password)
  chmodSync(folder, 0o755)
  if (process.getuid?.() === 0) for (const path of [data, secret]) chownSync(path, nobody, nobody)
  const options = ['--username=chaos', '--auth=scram-sha-256', `--pwfile=${secret}`, '--encoding=UTF8', '--locale=C']
  const [file, ...args] = asNobody([join(binaries(), 'initdb'), '-D', data, ...options])
  execFileSync(file ?? '', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  appendFileSync(join(data, 'pg_hba.conf'), 'host all all samenet scram-sha-256\n')
}

/** The newest that is installed. */
function binaries(): string {
  const numbers = existsSync(versions) ? readdirSync(versions).map(Number) : []
  if (numbers.length === 0) throw new Error(`no PostgreSQL in ${versions}: apt-get install postgresql`)
  return join(versions, String(Math.max(...numbers)), 'bin')
}

function asNobody(command: readonly string[]): readonly string[] {
  if (process.getuid?.() !== 0) return command
  return ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', ...command]
}
