/**
 * Carries out what was planned for a crossing whose caller awaits a value: tools and side effects. What the caller sees
 * and what really happens are two things, and the difference between them is the point.
 */
import type { ActionAt, Ending, FailureCode } from '../../faults/action.js'
import type { FaultClass } from '../../faults/fault.js'
import type { Crossings, OpenCrossing } from '../crossing.js'
import { never, plannedDelayMs } from '../crossing.js'
import type { ErrorShapes } from '../scenario.js'
import { failedWith, failure, textOf } from './failures.js'

export interface Call<R> {
  /** For messages of errors. */
  readonly target: string
  readonly errors: ErrorShapes
  readonly via: 'throw' | 'return'
  /** Does the real work; `stepsMax` bounds how much of it, where it comes in steps. */
  execute(stepsMax: number): Promise<R>
}

type CallCrossing = OpenCrossing<'tool'> | OpenCrossing<'effect'>
type CallEnding = Extract<ActionAt<'tool'> | ActionAt<'effect'>, Ending>

/** Resolves or rejects as the caller is to see it; work that outlives the answer goes on in virtual time. */
export async function carryOut<R>(crossing: CallCrossing, crossings: Crossings, call: Call<R>): Promise<R> {
  const { modifiers, ending } = crossing.treatment
  if (crossings.frozen) return never
  crossing.strike()
  const delayMs = plannedDelayMs(crossing.treatment)
  if (delayMs > 0) await crossings.sleep(delayMs)
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
    const result = ending ? await end(ending, crossing.endingClass, crossings, call, deliver) : await deliver()
    if (crossings.frozen) return never
    crossing.finish({ kind: 'ok', output: textOf(result) })
    return result
  } catch (error) {
    if (crossings.frozen) return never
    crossing.finish(failedWith(error))
    if (call.via === 'return' && ending) return error as R
    throw error
  }
}

async function end<R>(
  ending: CallEnding,
  class_: FaultClass | 'unknown',
  crossings: Crossings,
  call: Call<R>,
  deliver: () => Promise<R>,
): Promise<R> {
  const fail = (code: FailureCode) => failure(code, call.target, class_, call.errors)
  switch (ending.kind) {
    case 'reject':
      throw fail(ending.code)
    case 'drop': {
      const done = ending.when === 'after' ? background(deliver()) : undefined
      if (ending.symptom === 'timeout') await crossings.sleep(ending.timeoutMs)
      else await done
      throw fail(ending.symptom)
    }
    case 'partial': {
      const done = background(call.execute(ending.steps))
      if (ending.symptom === 'timeout') await crossings.sleep(ending.timeoutMs)
      else await done
      throw fail(ending.symptom)
    }
    case 'late':
      background(crossings.sleep(ending.ms).then(deliver))
      await crossings.sleep(ending.timeoutMs)
      throw fail('timeout')
    case 'pretend':
      return ending.result as R
  }
}

/** Lets work go on whose outcome nobody will see: its answer was lost, or it was never asked for. */
function background(work: Promise<unknown>): Promise<void> {
  return work.then(
    () => {},
    () => {},
  )
}
