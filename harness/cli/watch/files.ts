/** The files of a project as they change, and which of them git ignores: all of watching that touches the system. */
import { spawn } from 'node:child_process'
import { relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { UserError } from '../../contracts/errors.js'
import { isTemporary } from '../../sandbox/temporary.js'

export interface FileWatcher {
  /** These as well, wherever they are: outside the folder, or hidden. */
  add(files: readonly string[]): void
  /** Resolves when what has changed up to now has been reported. */
  waitUntilSettled(): Promise<void>
  close(): Promise<void>
}

/** Editors and formatters write several files, and some of them twice. */
const quietMs = 100
/** What the system takes to tell of a change, and chokidar to tell a file replaced from one removed. */
const reportedAfterMs = 200

/**
 * Tells of files that were written, added or removed below the folder, absolute and several at once, from when it
 * resolves. It tells nothing of packages, and nothing that is hidden but an `.env`. Rejects with a `UserError` where
 * the system watches no more.
 */
export async function watchFiles(root: string, onChange: (files: readonly string[]) => void): Promise<FileWatcher> {
  const added = new Set<string>()
  const isIgnored = (path: string) => !added.has(path) && isOutOfSight(path, root)
  const watcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: isIgnored,
  })
  const changed = new Map<string, 'add' | 'change' | 'unlink'>()
  let timer: NodeJS.Timeout | undefined
  const tell = () => {
    const files = [...changed.keys()]
    changed.clear()
    if (files.length > 0) onChange(files)
  }
  watcher.on('all', (event, path) => {
    if (event !== 'add' && event !== 'change' && event !== 'unlink') return
    // What came and went, as an editor's probe does, has changed nothing.
    if (event === 'unlink' && changed.get(path) === 'add') changed.delete(path)
    else changed.set(path, changed.get(path) === 'add' ? 'add' : event)
    clearTimeout(timer)
    timer = setTimeout(tell, quietMs)
  })
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: unknown) => {
      reject(new UserError(`files cannot be watched: ${error instanceof Error ? error.message : String(error)}`))
    }
    watcher.once('ready', resolve).once('error', refuse)
  })
  // A folder that goes while it is looked at is no reason to end.
  watcher.on('error', () => undefined)
  return {
    add: (files) => {
      const fresh = files.filter((file) => !added.has(file) && !isSeen(file, root))
      for (const file of fresh) added.add(file)
      if (fresh.length > 0) watcher.add(fresh)
    },
    waitUntilSettled: async () => {
      await new Promise((resolve) => setTimeout(resolve, reportedAfterMs))
      clearTimeout(timer)
      tell()
    },
    close: async () => {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}

/** Whether whoever looks at the folder comes to it. */
function isSeen(path: string, root: string): boolean {
  return path.startsWith(root + sep) && !isOutOfSight(path, root)
}

function isOutOfSight(path: string, root: string): boolean {
  if (isTemporary(path) && !isTemporary(root)) return true
  const names = relative(root, path).split(sep)
  return names.some((name) => name === 'node_modules' || isHidden(name) || name.endsWith('~'))
}

function isHidden(name: string): boolean {
  return name.startsWith('.') && name !== '..' && name !== '.' && !name.startsWith('.env')
}

/** Which of the files git ignores; none where there is no git, or no repository. */
export function ignoredByGit(files: readonly string[], root: string): Promise<ReadonlySet<string>> {
  // A path outside would be refused together with all the others.
  const inside = files.filter((file) => file.startsWith(root + sep))
  if (inside.length === 0) return Promise.resolve(new Set())
  return new Promise((resolve) => {
    const git = spawn('git', ['check-ignore', '-z', '--stdin'], { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] })
    let output = ''
    git.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    git.on('error', () => resolve(new Set()))
    git.on('close', () => resolve(new Set(output.split('\0').filter((file) => file !== ''))))
    // It may have ended without reading anything.
    git.stdin.on('error', () => undefined)
    git.stdin.end(inside.map((file) => `${file}\0`).join(''))
  })
}
