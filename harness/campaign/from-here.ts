/** Paths of the user's own files as they are told: from the folder that the command runs in. */
import type { CallSite } from '../contracts/place.js'
import type { BaselineFailure, ViolationReport } from '../contracts/report/report.js'
import { shorten } from '../contracts/shown-path.js'

interface Found {
  readonly baselineFailure?: BaselineFailure | undefined
  readonly violations: readonly ViolationReport[]
}

/** The same, with every place told from `cwd`. */
export function fromHere<T extends Found>(found: T, cwd: string): T {
  const { baselineFailure, violations } = found
  return {
    ...found,
    ...(baselineFailure && { baselineFailure: failureFrom(baselineFailure, cwd) }),
    violations: violations.map((violation) => violationFrom(violation, cwd)),
  }
}

/** The same places, told from `cwd`. */
export function placesFrom(places: readonly CallSite[], cwd: string): CallSite[] {
  return places.map(({ event, where, frames }) => ({
    event,
    where: shorten(where, cwd) ?? where,
    ...(frames && { frames: frames.map((frame) => frameFrom(frame, cwd)) }),
  }))
}

function failureFrom(failure: BaselineFailure, cwd: string): BaselineFailure {
  const where = shorten(failure.environment.where, cwd)
  return where === undefined ? failure : { ...failure, environment: { ...failure.environment, where } }
}

function violationFrom(violation: ViolationReport, cwd: string): ViolationReport {
  const { environment } = violation
  if (!environment.places) return violation
  return { ...violation, environment: { ...environment, places: placesFrom(environment.places, cwd) } }
}

function frameFrom(frame: string, cwd: string): string {
  const [, name = '', where = frame] = /^(\S+ )?(.*)$/s.exec(frame) ?? []
  return `${name}${shorten(where, cwd) ?? where}`
}
