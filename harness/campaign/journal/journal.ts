/**
 * What trials came to, on the disk as they end. A run that was cut off goes on from it. A line is a trial; one that was torn or damaged
 * ends the file. It may hold secrets, as traces do, so it is for its owner alone and goes when the run is over.
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { differingFiles } from '../../contracts/digest.js'
import { isUserError, UserError } from '../../contracts/errors.js'
import type { TrialRecord } from '../../contracts/executor.js'
import { type JudgedTwice, judgedTwiceSchema } from '../../contracts/report/judged-twice.js'
import { isSystemError, reasonOf } from '../../contracts/system-error.js'
import { failureSchema, type RememberedFailure } from '../remembered.js'
import { firstSeal, type LinePlace, lineAt, readLines, sealLine } from './lines.js'

const headSchema = z.object({
  format: z.literal('agent-chaos/journal'),
  version: z.literal(2),
  /** Of this package. */
  writtenBy: z.string(),
  /** What was asked for. */
  options: z.string(),
  /** Digests of the code that was run, by the name of its file. */
  code: z.record(z.string(), z.string()),
  /** Failures of earlier runs, with which it began: their file may have been written since. */
  remembered: z.array(failureSchema),
})
/** The process that writes from here on. */
const writerSchema = z.object({ pid: z.int() })
const secretsSchema = z.object({ secrets: z.array(z.string()) })
const trialSchema = z.object({
  file: z.string(),
  key: z.string(),
  record: z.record(z.string(), z.unknown()),
  judged: judgedTwiceSchema.exactOptional(),
})
const lineSchema = z.union([trialSchema, secretsSchema, writerSchema])

type WrittenHead = Omit<z.infer<typeof headSchema>, 'format' | 'version'>

/** What a run is held to. Finding out of which code it is takes a while, so that is asked when it is written or compared. */
export interface JournalHead extends Omit<WrittenHead, 'code'> {
  readonly code: () => WrittenHead['code']
}

export class Journal {
  readonly #path: string
  readonly #fd: number
  readonly #found: Found
  readonly #secrets: Set<string>
  #head: JournalHead | undefined
  #end: number
  #seal: string
  #isClosed = false
  #broken: string | undefined

  private constructor(path: string, fd: number, found: Found, head?: JournalHead) {
    this.#path = path
    this.#fd = fd
    this.#found = found
    this.#head = head
    this.#secrets = new Set(found.secrets)
    this.#end = found.end
    this.#seal = found.seal
  }

  /** Begins one, in place of whatever stands there. Throws where the file cannot be written. */
  static begin(path: string, head: JournalHead): Journal {
    return new Journal(path, openSync(path, 'w+', 0o600), { ...nothingFound, remembered: head.remembered }, head)
  }

  /** Goes on with the one that stands there. Throws a `UserError` where none does, or it is of another run, or of other code. */
  static resume(path: string, head: JournalHead): Journal {
    const fd = openThere(path)
    try {
      const found = findIn(fd, head, path)
      ftruncateSync(fd, found.end)
      const journal = new Journal(path, fd, found)
      journal.#write({ pid: process.pid })
      return journal
    } catch (error) {
      closeSync(fd)
      throw isUserError(error) ? error : refusalOf(error, path)
    }
  }

  /** How many trials an earlier run has done. */
  get trials(): number {
    return this.#found.lines.size
  }

  /** The line from which on nothing was taken, for it is not as it was written. */
  get damagedLine(): number | undefined {
    return this.#found.damagedLine
  }

  /** Failures with which the run began, before it was cut off. */
  get remembered(): readonly RememberedFailure[] {
    return this.#found.remembered
  }

  /** What earlier trials put into the environment, and no report may hold. */
  get secrets(): readonly string[] {
    return [...this.#secrets]
  }

  /** Why it is no longer written, if it is not: a full disk ends the journal, and not the run. */
  get broken(): string | undefined {
    return this.#broken
  }

  recordOf(file: string, key: string): TrialRecord | undefined {
    const line = this.#found.lines.get(nameOf(file, key))
    return line && (lineAt(this.#fd, line) as { readonly record: TrialRecord } | undefined)?.record
  }

  judgedIn(file: string): JudgedTwice | undefined {
    return this.#found.judged.get(file)
  }

  /** Once this returns, it is not run again. `judged` is how the file's trials were judged again, up to now. */
  add(file: string, key: string, record: TrialRecord, judged: JudgedTwice | undefined): void {
    this.#write({ file, key, record, ...(judged && { judged }) })
  }

  learn(secrets: readonly string[]): void {
    const fresh = secrets.filter((secret) => !this.#secrets.has(secret))
    if (fresh.length === 0) return
    for (const secret of fresh) this.#secrets.add(secret)
    this.#write({ secrets: fresh })
  }

  /** The run is over and its report is out: nobody needs it any more. */
  end(): void {
    this.close()
    rmSync(this.#path, { force: true })
  }

  /** Leaves it for a run that goes on. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.#fd)
  }

  /** Writes whose journal it is, if that does not stand there: a good moment is while workers start. */
  writeHead(): void {
    if (!this.#head) return
    const head = { format: 'agent-chaos/journal', version: 2, ...this.#head, code: this.#head.code() }
    this.#head = undefined
    this.#write(head)
    this.#write({ pid: process.pid })
  }

  #write(line: object): void {
    this.writeHead()
    if (this.#broken !== undefined || this.#isClosed) return
    const { text, seal } = sealLine(line, this.#seal)
    const bytes = Buffer.from(text)
    try {
      // The system may take a part, and refuse the rest only when it is asked again.
      for (let sent = 0; sent < bytes.length; ) {
        sent += writeSync(this.#fd, bytes, sent, bytes.length - sent, this.#end + sent)
      }
      this.#end += bytes.length
      this.#seal = seal
    } catch (error) {
      this.#broken = error instanceof Error ? error.message : String(error)
    }
  }
}

/** What an earlier run left. */
interface Found {
  /** In which line the record of each trial stands. */
  readonly lines: ReadonlyMap<string, LinePlace>
  readonly judged: ReadonlyMap<string, JudgedTwice>
  readonly secrets: readonly string[]
  readonly remembered: readonly RememberedFailure[]
  /** Where the last whole line ends, in bytes, and its seal. */
  readonly end: number
  readonly seal: string
  readonly damagedLine?: number | undefined
}

const nothingFound: Found = {
  lines: new Map(),
  judged: new Map(),
  secrets: [],
  remembered: [],
  end: 0,
  seal: firstSeal,
}

function findIn(fd: number, wanted: JournalHead, path: string): Found {
  const lines = new Map<string, LinePlace>()
  const judged = new Map<string, JudgedTwice>()
  const secrets: string[] = []
  let [remembered, end, seal, isWritten] = [[] as readonly RememberedFailure[], 0, firstSeal, false]
  const damagedLine = readLines(fd, (line) => {
    if (line.at === 0) {
      const { data: head } = headSchema.safeParse(line.value)
      if (!head)
        throw new UserError(
          '--resume: the run that was cut off is of another agent-chaos. Run it without --resume',
          path,
        )
      refuseOther(head, wanted)
      remembered = head.remembered
    } else {
      const { data } = lineSchema.safeParse(line.value)
      if (!data) throw refusalOfLine(path, line.number)
      if ('secrets' in data) secrets.push(...data.secrets)
      else if ('pid' in data) isWritten = true
      else {
        // The record stays on the disk.
        const { at, bytes, before } = line
        lines.set(nameOf(data.file, data.key), { at, bytes, before })
        if (data.judged) judged.set(data.file, data.judged)
      }
    }
    end = line.at + line.bytes
    seal = line.seal
  })
  if (!isWritten) throw damagedLine === undefined ? refusalOfNone() : refusalOfLine(path, damagedLine)
  return { lines, judged, secrets, remembered, end, seal, damagedLine }
}

function refusalOfNone(): UserError {
  return new UserError('--resume: no run of these files with these options was cut off here')
}

function refusalOfLine(path: string, line: number): UserError {
  const rule = 'expected the journal of a run as agent-chaos wrote it, got a line that was altered since'
  return new UserError(`--resume: ${rule}. Run it without --resume`, `${path}:${line}`)
}

function openThere(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch (error) {
    throw isSystemError(error) && error.code === 'ENOENT' ? refusalOfNone() : refusalOf(error, path)
  }
}

/** Whatever the system says of the file is the user's to repair. */
function refusalOf(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error
  return new UserError(
    `--resume: the journal cannot be read and written: ${reasonOf(error)}. Run it without --resume`,
    path,
  )
}

function nameOf(file: string, key: string): string {
  return `${file}\n${key}`
}

function refuseOther(head: WrittenHead, { writtenBy, options, code: codeOf }: JournalHead): void {
  if (head.writtenBy !== writtenBy) {
    throw new UserError(`--resume: the run that was cut off is of agent-chaos ${head.writtenBy}; this is ${writtenBy}`)
  }
  if (head.options !== options) throw new UserError('--resume: the run that was cut off had other options or files')
  const other = differingFiles(head.code, codeOf())
  if (other.length === 0) return
  throw new UserError(
    `--resume: this code is no longer what was run: ${other.join(', ')}. Trials of other code do not add up; run it without --resume`,
  )
}

/** Which process writes the journal that stands at `path`, if one does. */
export function writerOf(path: string): number | undefined {
  let fd: number | undefined
  let pid: number | undefined
  try {
    fd = openSync(path, 'r')
    readLines(fd, ({ value }) => {
      pid = writerSchema.safeParse(value).data?.pid ?? pid
    })
    return pid
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
