/** The model and the services of a scenario, as `record` has recorded them. */
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UserError } from '../contracts/errors.js'
import type { Model } from '../contracts/model.js'
import { callSite } from '../contracts/place.js'
import { readRecording } from '../contracts/recording.js'
import type { GoalContext, NamedIntent, World, WorldContext } from '../contracts/scenario.js'
import { reasonOf } from '../contracts/system-error.js'
import type { Persona } from '../models/persona.js'
import { recordedModel } from '../models/recorded.js'
import { RecordedServices, type RecordedState } from './recording/services.js'

/** Options of a scenario: to be spread into it. A part that is written behind takes the place of its own. */
export interface RecordedOptions {
  readonly state: () => RecordedState
  /** Declares the services that were asked. Call it in a `world` of your own. */
  readonly world: (context: WorldContext<RecordedState>) => World<Record<string, never>>
  readonly model: Model
  /** Whether all has been changed that was changed when it was recorded. */
  readonly goal: (context: GoalContext<RecordedState>) => boolean
  /** The changes that were made. */
  readonly intents?: readonly NamedIntent[]
}

/**
 * What `record` has recorded in a file: a model and services that answer as the real ones did. Where a trial without faults
 * asks something else, it is refused with the first field that differs. After a fault the model is a persona, which walks the
 * recorded calls. Throws a `UserError` where the file cannot be read.
 */
export function recordingIn(file: URL | string, options: { readonly persona?: Persona } = {}): RecordedOptions {
  const path = pathOf(file)
  const recording = readRecording(textOf(path), path)
  const services = new RecordedServices(recording, path)
  const { intents } = services
  return {
    state: () => ({ applied: [], asked: {} }),
    world: (context) => {
      services.declare(context)
      return {}
    },
    model: recordedModel(recording, path, options.persona),
    goal: ({ state }) => services.isDone(state),
    ...(intents.length > 0 && { intents }),
  }
}

function pathOf(file: URL | string): string {
  const text = String(file)
  if (text.startsWith('file:')) return fileURLToPath(text)
  if (isAbsolute(text)) return text
  const here = ['import.meta', 'url'].join('.')
  throw new UserError(
    `recordingIn: expected a URL of a file, as new URL('./x.recording.json', ${here}), got ${JSON.stringify(text)}`,
    callSite(),
  )
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError(`the recording cannot be read (${reasonOf(error)}): record() writes it`, path)
  }
}
