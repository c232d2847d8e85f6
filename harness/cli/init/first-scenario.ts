/** The scenario that `init` writes: it runs as it is, with a small agent whose place the user's own takes. */

import { readFileSync } from 'node:fs'

export interface FirstScenario {
  readonly typescript: boolean
  /** Where the user's own agent seems to be, from the scenario's folder. */
  readonly agent: string | undefined
}

/** Types stand in the template as comments. It is a text, for it is the user's code and none of ours. */
const typed = /\/\*((?::| as) [^*]+)\*\//g

export function firstScenario({ typescript, agent }: FirstScenario): string {
  const hint =
    agent === undefined ? 'Import your own, and call it here' : `Import yours from '${agent}', and call it here`
  return templateOf('first.chaos.txt')
    .replace('HINT', hint)
    .replace(typed, typescript ? '$1' : '')
}

/** A text that becomes a file of the user's. */
export function templateOf(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
}
