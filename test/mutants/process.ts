/** A process of Node that a mutant may keep from ending: processor time, memory and waiting have their bounds. */
import { spawn } from 'node:child_process'

export interface Ended {
  /** `null` where it had to be ended. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Many times what it takes where nothing is wrong. */
const bounds = { cpuSeconds: 45, waitMs: 600_000, memoryMb: 1_500 }

/** `cpuSeconds` may be more for what runs all of it at once. */
export function runNode(cwd: string, args: readonly string[], cpuSeconds = bounds.cpuSeconds): Promise<Ended> {
  return new Promise((resolve) => {
    const command = `ulimit -t ${cpuSeconds}; exec "$0" --max-old-space-size=${bounds.memoryMb} "$@"`
    // In a group of its own, so that what it started ends with it.
    const child = spawn('sh', ['-c', command, process.execPath, ...args], { cwd, detached: true })
    const [stdout, stderr]: string[][] = [[], []]
    child.stdout.on('data', (data) => stdout?.push(String(data)))
    child.stderr.on('data', (data) => stderr?.push(String(data)))
    const kill = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has gone already.
      }
    }
    const limit = setTimeout(kill, bounds.waitMs)
    process.once('exit', kill)
    child.on('close', (code) => {
      clearTimeout(limit)
      process.off('exit', kill)
      kill()
      resolve({ code, stdout: stdout?.join('') ?? '', stderr: stderr?.join('') ?? '' })
    })
  })
}
