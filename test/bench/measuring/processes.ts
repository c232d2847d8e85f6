/** What Linux tells of processes. Elsewhere there is nothing to read, and nothing is measured by it. */
import { readdirSync, readFileSync } from 'node:fs'

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended meanwhile.
    return ''
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

const words = (text: string) => text.split(/\s+/).filter(Boolean)

/** Those that it started itself, by their ids. */
export function childrenOf(pid: number): readonly number[] {
  return list(`/proc/${pid}/task`).flatMap((thread) => words(read(`/proc/${pid}/task/${thread}/children`)).map(Number))
}

/** With all that those started in turn. */
export function familyOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)]
}

/** Milliseconds of processor time, of all its threads. */
export function cpuMsOf(pid: number): number {
  const ns = list(`/proc/${pid}/task`).map((thread) =>
    Number(words(read(`/proc/${pid}/task/${thread}/schedstat`))[0] ?? 0),
  )
  return ns.reduce((sum, each) => sum + each, 0) / 1e6
}

const lookEveryMs = 20

/** Watches a process and all that it starts; the function that comes back ends that, and tells the processor time of them all. */
export function watchCpu(pid: number): () => number {
  const spent = new Map<number, number>()
  const look = setInterval(() => {
    for (const each of familyOf(pid)) spent.set(each, Math.max(spent.get(each) ?? 0, cpuMsOf(each)))
  }, lookEveryMs)
  return () => {
    clearInterval(look)
    return [...spent.values()].reduce((sum, ms) => sum + ms, 0)
  }
}

/** Megabytes that it holds now. */
export function residentMbOf(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1_000
}
