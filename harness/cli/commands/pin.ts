/**
 * `agent-chaos pin`: writes a test for the user's own runner that holds one plan for ever. What a search finds by luck of its
 * order and bound, this test runs every time.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { withoutMark } from '../../contracts/byte-order-mark.js'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { shownPath } from '../../contracts/shown-path.js'
import { type TestRunner, testRunners } from '../../contracts/test-runners.js'
import type { Context } from '../context.js'
import { existingFile } from '../options/discover.js'
import { shortName } from '../options/paths.js'
import { exits } from '../output/exit.js'
import { rememberedIn } from '../output/failures-file.js'
import { openOutput } from '../output/output.js'
import { type Pinned, pinnedTest } from '../output/pinned-test.js'

/** A plan is a text here. */
export type PinFlags = FlagsOf<'pin'> & { readonly plan: string }

export async function pin(path: string, flags: PinFlags, context: Context): Promise<ExitCode> {
  const { io } = context
  const file = existingFile(path, io.cwd)
  if (flags.plan === '') {
    throw new UserError('pin holds a plan: expected --plan TEXT, as the replay command of a violation has it')
  }
  const found = await brokenBy(file, flags, context)
  const { runner = runnerOf(file) } = flags
  const output = outputOf(file, found.invariants, { given: flags.output, runner, cwd: io.cwd })
  const at = output === '-' ? dirname(file) : dirname(resolve(io.cwd, output))
  const scenario = shownPath(file, at)
  const pinned: Pinned = {
    ...found,
    seed: flags.seed,
    scenario: scenario.startsWith('.') ? scenario : `./${scenario}`,
    modules: modulesOf(output === '-' ? file : resolve(io.cwd, output)),
    typescript: /\.[cm]?tsx?$/.test(output === '-' ? file : output),
  }
  openOutput('--output', output, io).write(pinnedTest(pinned, runner))
  if (output !== '-')
    io.stdout.write(`agent-chaos: ${shortName(output)} holds ${found.invariants.join(', ')} (${runner})\n`)
  return exits.passed
}

/** Which invariants the plan violates; where it is repaired already, those that it is remembered by. */
async function brokenBy(
  file: string,
  flags: PinFlags,
  context: Context,
): Promise<Pick<Pinned, 'name' | 'plan' | 'invariants'>> {
  const { seed, plan, trialTimeout, networkNamespace } = flags
  const { cwd } = context.io
  const { replayFile } = await context.campaign()
  const config = flags.config && resolve(cwd, flags.config)
  const { trace, judgements } = await replayFile(file, { cwd, seed, plan, trialTimeout, networkNamespace, config })
  const name = trace.scenario
  const violated = judgements.flatMap(({ invariant, verdict }) => (verdict.kind === 'violated' ? [invariant] : []))
  if (violated.length > 0) return { name, plan: trace.plan, invariants: [...new Set(violated)] }
  const { failures = [] } = await rememberedIn(flags.failures, context)
  const remembered = failures.filter((one) => one.scenario === name && one.plan === trace.plan && one.seed === seed)
  if (remembered.length > 0) {
    return { name, plan: trace.plan, invariants: [...new Set(remembered.map(({ invariant }) => invariant))] }
  }
  throw new UserError(
    `the plan violates no invariant under seed ${seed}, and is not in the file of failures: nothing to hold`,
  )
}

/** Beside the scenario, by the first of what it holds. A test that is there already is not lost. */
function outputOf(
  file: string,
  invariants: readonly string[],
  { given, runner, cwd }: { readonly given: string | undefined; readonly runner: TestRunner; readonly cwd: string },
): string {
  if (given === '-') return given
  const [, stem = '', extension = ''] = /^(.*?)(?:\.chaos)?(\.[cm]?[jt]sx?)$/.exec(basename(file)) ?? []
  // One that was made by hand may be called anything, and leads into no other folder.
  const name = invariants[0]?.replace(/[^\w.-]+/g, '-')
  // Jest and Mocha load tests in the modules of their project, and may know the other endings not at all.
  const ending = runner === 'jest' || runner === 'mocha' ? extension.replace(/[cm](?=[jt]s)/, '') : extension
  const output = given ?? relative(cwd, join(dirname(file), `${stem}.${name}.test${ending}`))
  if (!existsSync(resolve(cwd, output))) return output
  throw new UserError(`${shortName(output)} is there already: name another file by --output`)
}

interface Manifest {
  readonly type?: unknown
  readonly dependencies?: object
  readonly devDependencies?: object
}

/** The one that the nearest package.json names; or Vitest, where it can be found from the scenario. */
function runnerOf(file: string): TestRunner {
  for (const folder of foldersAbove(file)) {
    const { dependencies, devDependencies } = manifestIn(folder) ?? {}
    const named = testRunners.find((name) => name in { ...dependencies, ...devDependencies })
    if (named) return named
    if (existsSync(join(folder, 'node_modules', 'vitest', 'package.json'))) return 'vitest'
  }
  return 'node'
}

/** As Node tells: by the ending, or by the nearest package.json. */
function modulesOf(file: string): Pinned['modules'] {
  const [, ending] = /\.([cm])[jt]s$/.exec(file) ?? []
  if (ending !== undefined) return ending === 'm' ? 'ESM' : 'CommonJS'
  const manifest = foldersAbove(file)
    .map(manifestIn)
    .find((one) => one !== undefined)
  return manifest?.type === 'module' ? 'ESM' : 'CommonJS'
}

function foldersAbove(file: string): string[] {
  const folder = dirname(file)
  return folder === file ? [] : [folder, ...foldersAbove(folder)]
}

/** One that cannot be read says nothing. */
function manifestIn(folder: string): Manifest | undefined {
  try {
    return JSON.parse(withoutMark(readFileSync(join(folder, 'package.json'), 'utf8'))) as Manifest
  } catch {
    return undefined
  }
}
