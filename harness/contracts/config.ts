/**
 * The contract of a configuration file: what `agent-chaos run` takes where the command line does not say otherwise. The
 * library does not read it: there the caller says what holds.
 */
import type { ConfigOptions } from './options/derived.js'

/** By the names of the options; `docs/options.md` describes each. Paths are from the folder of the file. */
export interface Config extends ConfigOptions {}

/** Gives the options of an `agent-chaos.config.ts` their type; export what it returns as the default. */
export function defineConfig(config: Config): Config {
  return config
}
