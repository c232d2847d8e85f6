/**
 * Catches what is printed while a trial is entered: by `console`, by the standard streams, and by loggers that write to their
 * descriptors. All of it is passed on too, to wherever this process prints.
 */
import fs from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { type ConsoleLine, ConsoleLines, type ConsoleOutput, lineMost } from '../../contracts/console.js'
import { type Callable, Patches } from '../../sandbox/stubs/patches.js'

type Stream = ConsoleLine['stream']

export interface ConsoleOptions {
  readonly now: () => number
  /** How many events the trace has by now. */
  readonly events: () => number
  /** What another process kept of the same trial. */
  readonly before?: ConsoleOutput | undefined
  /** Told of each line at once, for a trial that may never end. */
  readonly onLine?: ((line: ConsoleLine) => void) | undefined
}

/** More lines than these are not told at once: telling takes time. */
const reportedMost = 1_000

export class ConsoleCapture {
  readonly #options: ConsoleOptions
  readonly #lines: ConsoleLines
  /** Of a line that has not ended. */
  readonly #begun = new Map<Stream, { readonly at: number; readonly after: number; text: string }>()
  /** A stream is at work: what it writes to its descriptor was caught already. */
  #within = false
  #closed = false
  #reported = 0

  constructor(options: ConsoleOptions) {
    this.#options = options
    this.#lines = new ConsoleLines(options.before)
  }

  /** From now on all that is printed is caught; returns the undo. */
  enter(): () => void {
    const all = writers().map(([stream, writer]) => {
      // Of its own: streams share the function, and one set of patches makes one stub of it.
      const patches = new Patches()
      patches.replace(writer, 'write', (write) => this.#byStream(stream, write))
      return patches
    })
    const descriptors = new Patches()
    for (const name of ['write', 'writeSync', 'writev', 'writevSync']) {
      descriptors.replace(fs, name, (write) => this.#byDescriptor(write))
    }
    return () => {
      for (const patches of [...all, descriptors]) patches.undo()
      this.#closed = true
    }
  }

  /** Nothing where nothing was printed. */
  get output(): ConsoleOutput | undefined {
    for (const stream of [...this.#begun.keys()]) this.#end(stream)
    return this.#lines.output
  }

  #byStream(stream: Stream, write: Callable): Callable {
    const capture = this
    return function (this: unknown, ...args) {
      if (!capture.#within) capture.#print(stream, args[0])
      const outer = capture.#within
      capture.#within = true
      try {
        return write.apply(this, args)
      } finally {
        capture.#within = outer
      }
    }
  }

  #byDescriptor(write: Callable): Callable {
    const capture = this
    return function (this: unknown, ...args) {
      const stream = streams.get(args[0])
      if (stream && !capture.#within) for (const part of partsOf(args)) capture.#print(stream, part)
      return write.apply(this, args)
    }
  }

  #print(stream: Stream, data: unknown): void {
    if (this.#closed) return
    const [first = '', ...rest] = textOf(data).split('\n')
    this.#append(stream, first)
    for (const text of rest) {
      this.#end(stream)
      this.#append(stream, text)
    }
  }

  #append(stream: Stream, text: string): void {
    const begun = this.#begun.get(stream)
    // One more than is shown, so that it is known that something is missing.
    if (begun) begun.text = (begun.text + text).slice(0, lineMost + 1)
    else if (text !== '') {
      const { now, events } = this.#options
      this.#begun.set(stream, { at: now(), after: events(), text: text.slice(0, lineMost + 1) })
    }
  }

  #end(stream: Stream): void {
    const begun = this.#begun.get(stream)
    if (!begun) return
    this.#begun.delete(stream)
    const { at, after, text } = begun
    const isCut = text.length > lineMost
    const line: ConsoleLine = { at, after, stream, text: text.slice(0, lineMost), ...(isCut && { cut: true }) }
    this.#lines.add(line)
    if (this.#reported++ < reportedMost) this.#options.onLine?.(line)
  }
}

const streams: ReadonlyMap<unknown, Stream> = new Map([
  [1, 'stdout'],
  [2, 'stderr'],
])

/** A test runner puts a console of its own in place, which writes elsewhere. */
function writers(): (readonly [Stream, object])[] {
  const own = console as unknown as { readonly _stdout?: unknown; readonly _stderr?: unknown }
  const all: (readonly [Stream, unknown])[] = [
    ['stdout', process.stdout],
    ['stderr', process.stderr],
    ['stdout', own._stdout],
    ['stderr', own._stderr],
  ]
  const found = new Map<object, Stream>()
  for (const [stream, writer] of all) {
    if (typeof writer === 'object' && writer !== null && !found.has(writer)) found.set(writer, stream)
  }
  return [...found].map(([writer, stream]) => [stream, writer] as const)
}

/** What a write to a descriptor was handed: one text, bytes, or several of these. */
function partsOf([, data, second, third]: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(data)) return data
  if (!ArrayBuffer.isView(data)) return [data]
  const bytes = bytesOf(data)
  const { offset = 0, length } = isPlace(second) ? second : { offset: numberOr(second), length: numberOr(third) }
  return [bytes.subarray(offset ?? 0, length === undefined ? undefined : (offset ?? 0) + length)]
}

function isPlace(value: unknown): value is { readonly offset?: number; readonly length?: number } {
  return typeof value === 'object' && value !== null
}

function numberOr(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

function textOf(data: unknown): string {
  const text = typeof data === 'string' ? data : ArrayBuffer.isView(data) ? bytesOf(data).toString('utf8') : ''
  return stripVTControlCharacters(text).replace(/\r/g, '')
}
