/** What there is to watch: the settings that hold now, the scenario files that they lead to, and what these are made of. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import type { RunFlags } from '../commands/run.js'
import type { Context } from '../context.js'
import { discover, howToBegin, nothingFound } from '../options/discover.js'
import { flagsOf, type Settings } from '../options/settings.js'
import { selectReporters } from '../output/reporters.js'
import { type Graph, graphsOf } from './graph.js'

export interface Survey {
  readonly flags: RunFlags
  /** Scenario files, absolute and sorted. */
  readonly files: readonly string[]
  /** One for each of them. */
  readonly graphs: readonly Graph[]
  /** What else decides how they run, and stands above the working directory. */
  readonly above: readonly string[]
  /** What the runs write, absolute. */
  readonly written: ReadonlySet<string>
}

/** Rejects with a `UserError` as `run` does, where a path leads nowhere or the configuration is wrong. */
export async function surveyScenarios(
  read: () => Promise<Settings>,
  { io: { cwd }, reporters }: Pick<Context, 'io' | 'reporters'>,
): Promise<Survey> {
  const settings = await read()
  const { paths, flags } = flagsOf<RunFlags>(settings)
  const found = await discover(paths, cwd)
  const nothing = nothingFound(found)
  if (nothing !== undefined && !flags.passWithNoScenarios) throw new UserError(`${nothing}. ${howToBegin}`)
  return {
    flags,
    files: found.files,
    graphs: graphsOf(found.files),
    above: [...(settings.file === undefined ? [] : [resolve(cwd, settings.file)]), ...manifestsAbove(cwd)],
    written: new Set(selectReporters(flags, reporters).map(({ file }) => resolve(cwd, file))),
  }
}

/** Up to the folder with `.git`, as the configuration file is looked for. */
function manifestsAbove(cwd: string): string[] {
  const found: string[] = []
  for (let folder = cwd; !existsSync(join(folder, '.git')) && dirname(folder) !== folder; ) {
    folder = dirname(folder)
    found.push(
      ...['package.json', 'tsconfig.json'].map((name) => join(folder, name)).filter((path) => existsSync(path)),
    )
  }
  return found
}
