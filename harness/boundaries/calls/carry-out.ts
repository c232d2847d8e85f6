/**
 * Carries out what was planned for a crossing whose caller awaits a value: tools, side effects and the like. What the
 * caller sees and what really happens are two things, and the difference between them is the point.
 */
import type { AnswerChange, CrashPhase, Ending, FailureCode, Symptom } from '../../../faults/action.js'
import { isAnswerChange } from '../../../faults/action.js'
import type { ActionAt } from '../../../faults/boundaries.js'
import type { ErrorShapes } from '../../contracts/agent.js'
import { withTheirFrames } from '../../contracts/agent-error.js'
import type { Crossings, TreatedCrossing } from '../../contracts/crossing.js'
import { applyModifiers, never, plannedDelayMs } from '../../contracts/crossing.js'
import type { Outcome } from '../../contracts/trace.js'
import { changeResult, earlierOutput } from './answer-change.js'
import { failure, failureOutcome } from './failures.js'
import { plain } from './plain.js'

export interface Call<R> {
  /** For messages of errors. */
  readonly target: string
  readonly errors: ErrorShapes
  readonly via: 'throw' | 'return'
  /** How many steps the work has, where it comes in several; a crash in the middle leaves half of them. */
  readonly steps?: number
  /** Does the real work; `stepsMax` bounds how much of it, where it comes in steps. */
  execute(stepsMax: number): Promise<R>
}

/** All that is carried out here: a boundary whose row lists no more can be handed to it. */
type CallAction = ActionAt<'tool' | 'effect'>
type CallCrossing = TreatedCrossing<CallAction>
type CallEnding = Extract<CallAction, Ending>

/** Resolves or rejects as the caller is to see it; work that outlives the answer goes on in virtual time. */
export async function carryOut<R>(crossing: CallCrossing, crossings: Crossings, call: Call<R>): Promise<R> {
  const { modifiers, ending } = crossing.treatment
  if (crossings.frozen) return never()
  crossing.strike(isAnswerChange(ending) ? 'modifiers' : 'all')
  applyModifiers(crossing.treatment, crossings)
  const delayMs = plannedDelayMs(crossing.treatment)
  if (delayMs > 0) await crossings.sleep(delayMs)
  if (crossings.frozen) return never()
  const execute = () => call.execute(Number.POSITIVE_INFINITY)
  const deliver = (): Promise<R> => {
    const first = execute()
    for (const modifier of modifiers) {
      if (modifier.kind !== 'repeat') continue
      for (let n = 1; n <= modifier.times; n++) background(crossings.sleep(n * modifier.gapMs).then(execute))
    }
    return first
  }
  try {
    const result = ending ? await end(ending, crossing, crossings, call, deliver) : await deliver()
    if (crossings.frozen) return never()
    crossing.finish(successOutcome(result))
    return result
  } catch (error) {
    if (crossings.frozen) return never()
    crossing.finish(failureOutcome(error))
    withTheirFrames(error)
    if (call.via === 'return' && ending && !isAnswerChange(ending)) return error as R
    throw error
  }
}

async function end<R>(
  ending: CallEnding,
  crossing: CallCrossing,
  crossings: Crossings,
  call: Call<R>,
  deliver: () => Promise<R>,
): Promise<R> {
  const fail = (code: FailureCode | 'exception') => failure(code, call.target, crossing.endingClass, call.errors)
  switch (ending.kind) {
    case 'reject':
      throw fail(ending.code)
    case 'drop': {
      const done = ending.when === 'after' ? background(deliver()) : undefined
      return lose(ending, done, crossings, fail)
    }
    case 'partial':
      return lose(ending, background(call.execute(ending.steps)), crossings, fail)
    case 'late':
      background(crossings.sleep(ending.ms).then(deliver))
      await crossings.sleep(ending.timeoutMs)
      throw fail('timeout')
    case 'pretend':
      return ending.result as R
    case 'rewrite':
    case 'poison':
      return applyChange(ending, await deliver(), crossing, crossings)
    case 'crash':
      return crash(ending.phase, crossing, crossings, call, deliver)
  }
}

function successOutcome(result: unknown): Outcome {
  const output = plain(result)
  return { kind: 'ok', ...(output !== undefined && { output }) }
}

/** The fault takes effect where it finds something to change. */
function applyChange<R>(change: AnswerChange, result: R, crossing: CallCrossing, crossings: Crossings): R {
  const changed = changeResult(change, result, (call) => earlierOutput(crossings.events, crossing.number, call)) as R
  if (changed !== result && !crossings.frozen) crossing.strike()
  return changed
}

/** No answer comes, and the caller learns of it as the symptom has it. */
async function lose(
  { symptom, timeoutMs }: Extract<CallEnding, { kind: 'drop' | 'partial' }>,
  done: Promise<void> | undefined,
  crossings: Crossings,
  fail: (code: Exclude<Symptom, 'hang'>) => unknown,
): Promise<never> {
  if (symptom === 'hang') return never()
  if (symptom === 'timeout') await crossings.sleep(timeoutMs)
  else await done
  throw fail(symptom)
}

/** The agent's process ends. What was sent before goes on; in the middle of several steps, half of them are done. */
async function crash<R>(
  phase: CrashPhase,
  crossing: CallCrossing,
  crossings: Crossings,
  { execute, steps = 1 }: Call<R>,
  deliver: () => Promise<R>,
): Promise<never> {
  if (phase === 'during') background(execute(steps > 1 ? Math.floor(steps / 2) : Number.POSITIVE_INFINITY))
  if (phase === 'after') {
    await deliver().then(
      (result) => crossing.finish(successOutcome(result)),
      (error: unknown) => crossing.finish(failureOutcome(error)),
    )
  }
  crossings.crash()
  return never()
}

/** Lets work go on whose outcome nobody will see: its answer was lost, or it was never asked for. */
function background(work: Promise<unknown>): Promise<void> {
  return work.then(
    () => {},
    () => {},
  )
}
