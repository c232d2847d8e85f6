/**
 * What gathers the agent's spans, loaded only where an invariant of the scenario needs them. Neither the API of
 * OpenTelemetry nor the following of promises costs anything elsewhere.
 */
import { UserError } from '../../contracts/errors.js'
import type { Scenario } from '../../contracts/scenario.js'

export type Telemetry = typeof import('./capture.js')

/** Kept: even a module that is there already costs several turns to import again. */
let loaded: Telemetry | undefined

/** Rejects with a `UserError` where spans are needed and the API of OpenTelemetry is not installed. */
export async function telemetryOf({ invariants }: Scenario): Promise<Telemetry | undefined> {
  const asking = invariants.find(({ needs }) => needs?.includes('spans'))
  if (!asking) return undefined
  try {
    loaded ??= await import('./capture.js')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UserError(`${asking.name} needs the agent's spans: expected @opentelemetry/api to be installed; ${why}`)
  }
  return loaded
}
