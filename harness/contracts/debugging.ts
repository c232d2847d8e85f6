/** How a process is opened to a debugger, and that it is. */
import { url } from 'node:inspector'

/** What is asked of a process that runs a trial. */
export interface Debugging {
  readonly host: string
  readonly port: number
  /** Whether it stops where the agent begins, and not at breakpoints alone. */
  readonly stops: boolean
}

/** `9230`, or with a host before it. */
export function debuggingAt(address: string, stops: boolean): Debugging {
  const [, host = '127.0.0.1', port] = /^(?:(.*):)?(\d+)$/.exec(address) ?? []
  return { host, port: Number(port), stops }
}

/** In place of a limit of real time: as long as a timer can be. */
export const noLimitMs: number = 2 ** 31 - 1

/** A limit of real time in this process: whoever debugs it takes as long as he likes at a breakpoint. */
export function unlessDebugged(limitMs: number): number {
  return url() === undefined ? limitMs : noLimitMs
}
