/** What is tried. */
import type { Scenario } from '../contracts/scenario.js'

/** Any scenario, whatever its state and tools. */
// biome-ignore lint/suspicious/noExplicitAny: a scenario is contravariant in its state and tools; nothing else fits all
export type AnyScenario = Scenario<any, any>
