/**
 * What is left of a run is taken away with it, even where it is killed. That is its workers, be they spinning, whatever
 * they started, and its temporary files. A process that is killed can do nothing any more, so a tiny one of its own
 * waits for that. It is a shell whose standard input ends with this process.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { real } from '../../sandbox/real.js'
import { markName } from '../../sandbox/stubs/children.js'
import { randomBytesInPath, remove, removeLitter, temporaryPrefix, trialFolderIn } from '../../sandbox/temporary.js'
import { endMarked } from './marked.js'

/**
 * Reads `+ GROUP` and `- GROUP`. What left its group is found by its mark. A killed process may take a moment to let go of its
 * files, so removing is tried again.
 */
const script = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
for file in $(grep -lsF "${markName}=$2" /proc/[0-9]*/environ); do
  pid=\${file#/proc/}
  kill -s KILL "\${pid%/environ}" 2>/dev/null
done
for try in 1 2 3 4 5; do rm -rf -- "$1" && break; sleep 1; done
`

interface Reaper {
  readonly folder: string
  /** `undefined` where there are no groups of processes. */
  readonly shell: ChildProcess | undefined
}

let reaper: Reaper | undefined
let folders = 0
let workers = 0

/** A folder for one trial's files, not made yet. It goes when this process does. */
export function trialFolder(): string {
  return trialFolderIn(current().folder, ++folders)
}

/** From now on the group of processes ends with this process, if it has not before. Returns the undo. */
export function endsWithUs(group: number): () => void {
  const { shell } = current()
  shell?.stdin?.write(`+ ${group}\n`)
  return () => shell?.stdin?.write(`- ${group}\n`)
}

/** For the environment of one more worker: no other process has it, or begins so. */
export function nextMark(): string {
  return `${markOf(current().folder)}-${++workers}.`
}

function markOf(folder: string): string {
  return basename(folder)
}

/**
 * On Windows a shell is another system's, as Git brings one: it numbers processes by itself, and would end others. There only
 * what ends by itself goes.
 */
export function shellFor(folder: string, platform: NodeJS.Platform): ChildProcess | undefined {
  if (platform === 'win32') return undefined
  const shell = spawn('sh', ['-c', script, 'agent-chaos', folder, markOf(folder)], {
    // What ends this process from a terminal does not end it too.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  })
  // Where there is no shell, or somebody ends it, this process must still be let go on without it.
  shell.on('error', () => {})
  shell.stdin?.on('error', () => {})
  shell.unref()
  ;(shell.stdin as unknown as { unref?: () => void } | null)?.unref?.()
  return shell
}

function current(): Reaper {
  if (reaper) return reaper
  // That of others can wait: workers are about to be started.
  real.setImmediate(removeLitter)
  const folder = temporaryPrefix() + randomBytes(randomBytesInPath).toString('hex')
  const shell = shellFor(folder, process.platform)
  process.on('exit', () => {
    endMarked(markOf(folder))
    remove(folder)
  })
  reaper = { folder, shell }
  return reaper
}
