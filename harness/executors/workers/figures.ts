/** What the system tells of another process. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Resident memory in megabytes; 0 where it is not known. */
export function residentMb(pid: number | undefined): number {
  if (pid === undefined) return 0
  if (process.platform === 'linux')
    return (Number(/^VmRSS:\s*(\d+) kB/m.exec(readProcFile(pid, 'status'))?.[1] ?? 0) * 1024) / 1e6
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1000
  } catch {
    return 0
  }
}

/** Milliseconds for which its main thread could have run and had no processor; 0 where it is not known. */
export function waitedForProcessorMs(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0
  return Number(readProcFile(pid, 'schedstat').split(' ')[1] ?? 0) / 1e6
}

function readProcFile(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}
