/**
 * Carries out what was planned for a write below a trial's directory. What lands on the disk and what the caller hears
 * are settled first, as data. Then they are done in the way that the caller waits: by promise, or not at all.
 */
import { isUtf8 } from 'node:buffer'
import type { Ending } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import type { Crossings, OpenCrossing } from '../../contracts/crossing.js'
import { applyModifiers, never, plannedDelayMs } from '../../contracts/crossing.js'
import { shortDigest } from '../../contracts/digest.js'
import { charactersRecordedMost } from '../../contracts/recorded-text.js'
import type { FileRequest } from '../../contracts/request.js'
import type { Outcome } from '../../contracts/trace.js'
import type { Complete } from '../../sandbox/order.js'
import { real } from '../../sandbox/real.js'
import { shared } from '../../sandbox/shared.js'
import { classify, failureOutcome } from '../calls/failures.js'
import type { FileBoundary } from './boundary.js'
import type { FileCall, Work } from './calls.js'
import { systemError } from './errors.js'

/** Calls the real function with these arguments. */
export type Perform<R> = (args: readonly unknown[]) => R

/** Thrown at synchronous code of an agent that has crashed, which nothing else can stop. */
class ProcessEnded extends Error {
  override readonly name: string = 'ProcessEnded'
  constructor() {
    super("agent-chaos: the agent's process has ended; what it still runs is frozen")
  }
}

/** How a write goes: what of it is done, and what follows. */
interface Course {
  /** What happens to the file first. */
  readonly before?: (() => void) | undefined
  /** The real call to make, or what is done in its place; `undefined`: nothing. */
  readonly work: Work | undefined
  readonly sequel: Sequel
}

type Sequel =
  | { readonly kind: 'answer' }
  | { readonly kind: 'fail'; readonly error: Error }
  | { readonly kind: 'crash'; readonly acknowledged: boolean }
  /** What the real call comes to, once the file is gone. */
  | { readonly kind: 'vanished'; readonly class: OpenCrossing<'file'>['endingClass'] }
  /** A success, whatever was done. */
  | { readonly kind: 'pretend' }

/** For functions that give a promise: settles as the caller is to see it. The real call begins at once if it may. */
export async function carryOut<R>(files: FileBoundary, call: FileCall, perform: Perform<Promise<R>>): Promise<R> {
  const { crossings } = call.place
  if (crossings.frozen) return never()
  const crossing = open(files, call)
  const delayMs = plannedDelayMs(crossing.treatment)
  if (crossing.treatment.modifiers.length > 0) crossing.strike()
  applyModifiers(crossing.treatment, crossings)
  if (delayMs > 0) await crossings.sleep(delayMs)
  if (crossings.frozen) return never()
  const { before, work, sequel } = courseOf(call, crossing)
  if (before) await nothing(sequel, before)
  let result: Result<R>
  try {
    result = Array.isArray(work)
      ? { kind: 'done', value: await perform(work) }
      : await nothing(sequel, work as () => void)
  } catch (error) {
    result = { kind: 'failed', error }
  }
  if (crossings.frozen) return never()
  const conclusion = conclude(files, call, crossing, sequel, result)
  if (conclusion === 'crash') return crash(crossings)
  if (conclusion.kind === 'failed') throw conclusion.error
  return conclusion.value as R
}

/** For synchronous functions, which no delay can hold up. */
export function carryOutSync<R>(files: FileBoundary, call: FileCall, perform: Perform<R>): R {
  const { crossings } = call.place
  if (crossings.frozen) throw new ProcessEnded()
  const crossing = open(files, call)
  if (crossing.treatment.modifiers.some(({ kind }) => kind !== 'delay')) crossing.strike()
  applyModifiers(crossing.treatment, crossings)
  const { before, work, sequel } = courseOf(call, crossing)
  before?.()
  let result: Result<R>
  try {
    if (typeof work === 'function') work()
    result = Array.isArray(work) ? { kind: 'done', value: perform(work) } : { kind: 'nothing' }
  } catch (error) {
    result = { kind: 'failed', error }
  }
  const conclusion = conclude(files, call, crossing, sequel, result)
  if (conclusion === 'crash') {
    crossings.crash()
    throw new ProcessEnded()
  }
  if (conclusion.kind === 'failed') throw conclusion.error
  return conclusion.value as R
}

/** What a frozen agent's changes other than writes come to. */
export function refuseSync(): never {
  throw new ProcessEnded()
}

function open(files: FileBoundary, { place, asked, bytes, traits }: FileCall): OpenCrossing<'file'> {
  const about = { kind: 'file', asked, path: place.path } as const
  const request: FileRequest = bytes ? { ...about, content: contentOf(files, bytes) } : about
  return place.crossings.open('file', {
    target: place.path,
    request,
    identity: shortDigest(JSON.stringify(request)),
    argument: () => ({ path: place.path, asked, ...(bytes && { bytes: bytes.length }) }),
    traits,
    parent: files.parent(),
  })
}

function contentOf(files: FileBoundary, bytes: Buffer): NonNullable<FileRequest['content']> {
  const text = isUtf8(bytes) ? files.portable(bytes.toString()) : undefined
  const facts = { bytes: bytes.length, digest: shortDigest(text ?? bytes) }
  // Longer texts stand in the trace as a digest alone.
  return text !== undefined && text.length <= charactersRecordedMost ? { ...facts, text } : facts
}

function courseOf(call: FileCall, { treatment, endingClass }: OpenCrossing<'file'>): Course {
  const { ending } = treatment
  switch (ending?.kind) {
    case undefined:
      return { work: call.args, sequel: { kind: 'answer' } }
    case 'pretend':
      return { work: undefined, sequel: { kind: 'pretend' } }
    case 'vanish':
      return { before: call.vanish, work: call.args, sequel: { kind: 'vanished', class: endingClass } }
    case 'tear':
      return tear(call, ending, endingClass)
    case 'crash':
      return { work: untilCrash(call, ending.phase), sequel: { kind: 'crash', acknowledged: ending.phase === 'after' } }
  }
}

function tear(
  call: FileCall,
  { at, code }: Extract<Extract<ActionAt<'file'>, Ending>, { kind: 'tear' }>,
  endingClass: OpenCrossing<'file'>['endingClass'],
): Course {
  const { bytes, refusal, failure = { syscall: 'write' }, failed = call.part } = call
  const count = bytes ? Math.max(0, Math.min(Math.floor(at * bytes.length), bytes.length - 1)) : 0
  // Refused access shows when the file is opened, before it is emptied; a full or broken disk shows when it is written.
  const refused = !bytes || ((code === 'access-denied' || code === 'too-many-open') && count === 0)
  const error = classify(systemError(code, refused ? refusal : failure), endingClass, code)
  return { work: refused ? undefined : failed(count), sequel: { kind: 'fail', error } }
}

/** In the middle of a write half of its bytes are in the file; what has no middle is done, and nobody hears of it. */
function untilCrash({ args, bytes, part }: FileCall, phase: 'before' | 'during' | 'after'): Work | undefined {
  if (phase === 'before') return undefined
  return phase === 'during' && bytes ? part(Math.floor(bytes.length / 2)) : args
}

type Result<R> =
  | { readonly kind: 'done'; readonly value: R }
  | NothingDone
  | { readonly kind: 'failed'; readonly error: unknown }

interface NothingDone {
  readonly kind: 'nothing'
}

type Conclusion<R> =
  | 'crash'
  | Extract<Result<R>, { kind: 'failed' }>
  | { readonly kind: 'done'; readonly value: R | undefined }

/** Records how it ended. What failed by itself is reported as it was: the fault had nothing left to take hold of. */
function conclude<R>(
  files: FileBoundary,
  call: FileCall,
  crossing: OpenCrossing<'file'>,
  sequel: Sequel,
  result: Result<R>,
): Conclusion<R> {
  const fail = (error: unknown): Conclusion<R> => {
    crossing.finish(portableFailure(files, error))
    return { kind: 'failed', error }
  }
  if (sequel.kind === 'crash') {
    crossing.strike()
    if (sequel.acknowledged)
      crossing.finish(result.kind === 'failed' ? portableFailure(files, result.error) : successOutcome(call))
    return 'crash'
  }
  if (sequel.kind === 'vanished' && result.kind === 'failed') {
    crossing.strike()
    return fail(classify(result.error, sequel.class, 'not-found'))
  }
  if (result.kind === 'failed') return fail(result.error)
  if (sequel.kind === 'pretend') crossing.strike()
  if (sequel.kind === 'fail') {
    crossing.strike()
    return fail(sequel.error)
  }
  crossing.finish(successOutcome(call))
  return { kind: 'done', value: result.kind === 'done' ? result.value : undefined }
}

function successOutcome({ done }: FileCall): Outcome {
  return { kind: 'ok', output: done }
}

/** How the call ended, without the random name of the directory in the error's message. */
function portableFailure(files: FileBoundary, error: unknown): Outcome {
  const outcome = failureOutcome(error)
  if (outcome.kind !== 'failed') return outcome
  return { ...outcome, error: { ...outcome.error, message: files.portable(outcome.error.message) } }
}

function crash(crossings: Crossings): Promise<never> {
  crossings.crash()
  return never()
}

/** A failure without a real call is a completion like any other: it has its place among them, and comes later. */
function nothing(sequel: Sequel, work: (() => void) | undefined): Promise<NothingDone> | NothingDone {
  if (sequel.kind === 'crash') {
    work?.()
    return { kind: 'nothing' }
  }
  return new Promise((resolve) => {
    const begin = (complete: Complete) => {
      work?.()
      real.setImmediate(() => complete(() => resolve({ kind: 'nothing' })))
    }
    if (shared.sequence) shared.sequence.startOnFiles(begin)
    else begin((deliver) => deliver())
  })
}
