/** What the system tells of another process. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Resident memory in megabytes; 0 where it is not known, as on Windows, where a `ps` is another system's. */
export function residentMb(pid: number | undefined, platform: NodeJS.Platform = process.platform): number {
  if (pid === undefined || platform === 'win32') return 0
  if (platform === 'linux')
    return (Number(/^VmRSS:\s*(\d+) kB/m.exec(readProcFile(pid, 'status'))?.[1] ?? 0) * 1024) / 1e6
  try {
    const asked = ['-o', 'rss=', '-p', String(pid)]
    return Number(execFileSync('ps', asked, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) / 1000
  } catch {
    return 0
  }
}

/** Milliseconds for which the main thread of a process has run, and for which it could have and had no processor. */
export interface ProcessorTime {
  readonly ranMs: number
  readonly waitedMs: number
}

/** Since the process began; `undefined` where it cannot be told (https://docs.kernel.org/scheduler/sched-stats.html). */
export function processorTime(pid: number | undefined): ProcessorTime | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined
  const [ran, waited] = readProcFile(pid, 'schedstat').split(' ').map(Number)
  return ran && waited !== undefined ? { ranMs: ran / 1e6, waitedMs: waited / 1e6 } : undefined
}

function readProcFile(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}

/** What V8 ends a process with when its heap is full, and what the shell makes of it. */
const aborted: ReadonlySet<unknown> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 134])
/** As a share of the bound, from which an abort that says nothing is taken for a full heap. */
const fullHeapShare = 0.75

/** Whether a process ended by that. V8 says so on standard error, which may be shown to the user and not to us. */
export function heapWasFull(status: unknown, stderr: string | undefined, share: number): boolean {
  if (!aborted.has(status)) return false
  return stderr === undefined ? share > fullHeapShare : /heap out of memory|Reached heap limit/.test(stderr)
}
