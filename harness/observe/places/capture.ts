/**
 * Where in the agent's own code each call of a trial was made. A call often reaches its boundary long after: through queues,
 * streams and promises of a client. So it is noted where each wait began. Then a call is followed back to
 * the first line that is the user's own. That takes time, and so it is done for single trials only.
 */
import { createHook, executionAsyncId } from 'node:async_hooks'
import { stackOf } from '../../contracts/hostile-value.js'
import { type CallSite, type StackFrame, userFrames, whereOf } from '../../contracts/place.js'
import type { TraceEvent } from '../../contracts/trace.js'
import { SourceMaps } from './source-maps.js'

/** Something that is waited for: where it was begun, and in the course of what. */
interface Begun {
  readonly at: Error
  readonly within: number
}

const framesMost = 60
/** More of these are not noted. */
const begunMost = 200_000
/** How many waits a call is followed back. */
const stepsMost = 400
/** Frames that are told of one error. */
const framesShown = 8

export class PlaceCapture {
  readonly #begun = new Map<number, Begun>()
  readonly #calls = new Map<number, readonly StackFrame[]>()
  readonly #maps = new SourceMaps()
  readonly #before: readonly CallSite[]

  readonly #glue: string | undefined

  /** `scenario` is the file of the scenario, and `before` what another process found of the same trial. */
  constructor(scenario: string | undefined, before: readonly CallSite[] = []) {
    this.#glue = scenario
    this.#before = before
  }

  /** From now on it is noted where things begin; returns the undo. */
  enter(): () => void {
    const hook = createHook({
      init: (id) => {
        if (this.#begun.size < begunMost) this.#begun.set(id, { at: here(), within: executionAsyncId() })
      },
    })
    hook.enable()
    return () => {
      hook.disable()
      this.#begun.clear()
    }
  }

  /** To be called while the event is recorded. */
  note(event: TraceEvent, index: number): void {
    if (event.kind !== 'call') return
    const frames = this.#framesOf(here())
    if (frames.length > 0) this.#calls.set(index, frames)
  }

  /** `thrown` is what the agent threw, and `events` the whole trace. */
  places(events: readonly TraceEvent[], thrown: unknown): CallSite[] {
    const calls = [...this.#calls].map(([event, frames]) => this.#placeOfCall(event, frames))
    const error = this.#placeOfError(events, thrown)
    return [...this.#before, ...calls, ...(error ? [error] : [])]
  }

  /** From the innermost on, until one is not in the scenario's own file: that may only hand a call on. */
  #framesOf(at: Error): readonly StackFrame[] {
    const frames = userFrames(at.stack)
    let id = executionAsyncId()
    for (let step = 0; frames.every(({ file }) => file === this.#glue) && step < stepsMost; step++) {
      const begun = this.#begun.get(id)
      if (!begun) break
      frames.push(...userFrames(begun.at.stack))
      id = begun.within
    }
    return frames
  }

  /** The innermost frame; where the scenario's own file only hands the call on, that from where it has it. */
  #placeOfCall(event: number, stack: readonly StackFrame[]): CallSite {
    const frames = stack.map((frame) => this.#maps.sourceOf(frame))
    const frame = frames.find(({ file }) => file !== this.#glue) ?? frames[0]
    return { event, where: frame ? whereOf(frame) : '' }
  }

  #placeOfError(events: readonly TraceEvent[], thrown: unknown): CallSite | undefined {
    const event = events.findIndex(
      (one) => one.kind === 'unhandled' || (one.kind === 'claim' && one.error !== undefined),
    )
    const frames = userFrames(stackOf(thrown)).map((frame) => this.#maps.sourceOf(frame))
    const [first] = frames
    if (event < 0 || !first) return undefined
    const shown = frames
      .slice(0, framesShown)
      .map((frame) => `${frame.name === undefined ? '' : `${frame.name} `}${whereOf(frame)}`)
    return { event, where: whereOf(first), frames: shown }
  }
}

/** With a deep stack, whatever the agent has set; nothing of it is formatted before it is asked for. */
function here(): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = framesMost
  const error = new Error('here')
  Error.stackTraceLimit = stackTraceLimit
  return error
}
