/** Processes that were started in a worker, found by the mark in their environment: those in a session of their own too. */
import { readdirSync, readFileSync } from 'node:fs'
import { markName } from '../../sandbox/stubs/children.js'

/** Ends each of them whose mark begins so. Systems without `/proc` do not tell, and there none is found. */
export function endMarked(mark: string): void {
  for (const pid of markedBy(mark)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

function markedBy(mark: string): number[] {
  const wanted = `${markName}=${mark}`
  return processes().filter((pid) => pid !== process.pid && environmentOf(pid).some((one) => one.startsWith(wanted)))
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Nothing of those of other users. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
  } catch {
    return []
  }
}
