/**
 * Which page of the docs helps with what. The docs are in the package, so what is named is a file on this machine: it is of the
 * version that speaks, and needs no network.
 */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { CommandName } from '../../contracts/options/row.js'

export const debuggingPage = 'guides/debugging.md'

/** Below `docs/`. */
export const pageOfCommand: Readonly<Record<CommandName, string>> = {
  run: 'guides/reports.md',
  merge: 'guides/ci.md',
  compare: 'guides/ci.md#a-gate-for-pull-requests',
  report: 'guides/reports.md',
  replay: debuggingPage,
  pin: 'guides/tests.md',
  list: 'plans.md',
  explain: 'README.md',
  selftest: 'planted-bugs.md',
  init: 'getting-started.md',
  doctor: debuggingPage,
  work: 'guides/machines.md',
  cancel: 'guides/machines.md',
  completion: 'reference/command-line.md',
}

/** By where a mistake stands, or else by what its message begins with. The first that fits helps. */
export const pageOfMistake: readonly (readonly [RegExp, string])[] = [
  [/^plan:\d/, 'plans.md'],
  [/^(\S*[\\/])?agent-chaos\.config\.\w+\b/, 'guides/configuration.md'],
  [/^\S*\.chaos\.[cm]?[jt]s\b|\bdefineScenario\b|\bscenario\b.*:/, 'guides/your-own-agent.md'],
  [/^no scenarios?\b|^no such file or folder/, 'getting-started.md'],
  [/^no fault or invariant\b/, 'README.md'],
  [/^(option|--\w|unknown option)/, 'options.md'],
  [/^unknown command|^too many arguments|^missing required argument/, 'reference/command-line.md'],
]

/** Those that ship have a section each. */
export function pageOfInvariant(name: string): string {
  return `invariants.md#${name}`
}

export interface UsageMistake {
  readonly where?: string | undefined
  readonly message: string
}

/** What the system says, which no page knows better: a full disk, a file that is not there. */
const ofMachine = /\(E[A-Z]{2,}\)/

/** The page that helps with a mistake, if one does; of what stands in no table the page of the command. */
export function pageFor({ where, message }: UsageMistake, command?: string): string | undefined {
  if (ofMachine.test(message)) return undefined
  const texts = where === undefined ? [message] : [where, message]
  const known = texts.flatMap((text) => pageOfMistake.find(([pattern]) => pattern.test(text))?.[1] ?? [])[0]
  return known ?? pageOfCommand[command as CommandName]
}

/** The path of a page as one can open it from `cwd`; `undefined` where the docs are not. */
export function pathOfPage(page: string | undefined, docs: string | undefined, cwd: string): string | undefined {
  if (page === undefined || docs === undefined || !existsSync(join(docs, page.replace(/#.*/, '')))) return undefined
  const near = relative(cwd, join(docs, page)).replaceAll('\\', '/')
  return near.startsWith('..') ? join(docs, page) : near
}
