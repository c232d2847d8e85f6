/**
 * The worker's end of the pipes to its parent. Both are read and written in one blocking call. Nothing of them is in
 * the event loop, so no trial has to be shielded from it. And nothing that an agent does to streams, events or
 * `process` comes in between. To be loaded before any of the user's modules, for what it needs is captured here.
 */
import fs from 'node:fs'
import { answersFd, requestsFd, type WorkerMessage, type WorkerRequest } from './protocol.js'

const { readSync, writeSync } = fs
const { parse, stringify } = JSON
const { from, concat, alloc } = Buffer
const exit = process.exit.bind(process)

const newline = '\n'.charCodeAt(0)
const chunk = alloc(65_536)

/** What was read and not yet asked for. */
let rest: Buffer = alloc(0)

/** Waits for the next request. Where the parent is gone, and with it whoever wants an answer, the process ends. */
export function receive(): WorkerRequest {
  const parts: Buffer[] = []
  for (;;) {
    const end = rest.indexOf(newline)
    if (end >= 0) {
      parts.push(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
      return parse(concat(parts).toString('utf8')) as WorkerRequest
    }
    parts.push(rest)
    const length = lengthOf(() => readSync(requestsFd, chunk, 0, chunk.length, null))
    if (length === 0) exit(0)
    rest = from(chunk.subarray(0, length))
  }
}

/** How much came; 0 at the end of a pipe, of which Windows tells by an error. */
export function lengthOf(read: () => number): number {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EOF') return 0
    throw error
  }
}

/** How answers are sent: each on a line of its own, even where somebody else has begun one. */
export function answering(secret: string): (message: WorkerMessage) => void {
  return (message) => {
    const bytes = from(`\n${secret} ${stringify(message)}\n`, 'utf8')
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(answersFd, bytes, sent, bytes.length - sent)
  }
}
