/**
 * What is tried, and in which process. A scenario is tried here where this process can run trials. Elsewhere, and for a scenario
 * that is named by its file, a worker process does it, as it does for the command line.
 */
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isUserError, say, UserError } from '../contracts/errors.js'
import type { Executor, Executors, OpenExecutor, ScenarioSource } from '../contracts/executor.js'
import { options as table } from '../contracts/options/table.js'
import { callSite } from '../contracts/place.js'
import type { Scenario } from '../contracts/scenario.js'
import { declarationOf } from '../define/declaration.js'
import { isScenario } from '../define/define.js'
import { sourceOf } from '../define/source.js'
// Loaded at once: what is real in this process is noted before fake timers come.
import '../sandbox/real.js'

/** Any scenario, whatever its state and tools. */
// biome-ignore lint/suspicious/noExplicitAny: a scenario is contravariant in its state and tools; nothing else fits all
export type AnyScenario = Scenario<any, any>

/**
 * The file of a scenario, whose default export it is: a URL, as `new URL('./refund.chaos.ts', import.meta.url)`, or a path. Its
 * trials run in a worker process, whatever the test runner.
 */
export type ScenarioFile = string | URL

export type TrialSubject =
  | { readonly kind: 'here'; readonly scenario: Scenario }
  | { readonly kind: 'elsewhere'; readonly source: ScenarioSource; readonly scenario: Scenario | undefined }

/** Rejects with a `UserError` for what is neither, and for a scenario that no other process could find. */
export async function subjectOf(given: AnyScenario | ScenarioFile, by: string): Promise<TrialSubject> {
  if (isFile(given)) return { kind: 'elsewhere', source: sourceOf(process.cwd(), pathOf(given)), scenario: undefined }
  if (!isScenario(given)) {
    const expected = 'expected a scenario, as defineScenario() makes one, or its file: a path or a URL'
    throw new UserError(`${by}: ${expected}; got ${say(given)}`, callSite())
  }
  // One after the other: in a vm context two at once may miss a module that both import.
  const { refuseFakeTimers } = await import('../sandbox/fakes.js')
  refuseFakeTimers()
  const { canRunTrials } = await import('../sandbox/process.js')
  if (await canRunTrials()) return { kind: 'here', scenario: given }
  return { kind: 'elsewhere', source: sourceOfScenario(given), scenario: given }
}

/** By its shape: a test runner may have a class of its own. */
function isFile(given: unknown): given is ScenarioFile {
  if (typeof given === 'string') return true
  return typeof given === 'object' && given !== null && 'href' in given && 'protocol' in given
}

function pathOf(given: ScenarioFile): string {
  const text = String(given)
  if (typeof given === 'string' && !given.startsWith('file:')) return resolve(given)
  try {
    return fileURLToPath(text)
  } catch {
    throw new UserError(`expected a path or a URL that begins with file:, got ${text}`, callSite())
  }
}

const outOfReach = 'What the runner mocks (jest.mock) does not reach the worker.'

/** Throws a `UserError` that says what to do where no other process could find it. */
function sourceOfScenario(scenario: Scenario): ScenarioSource {
  const declared = declarationOf(scenario)
  if (declared.kind === 'changed') {
    throw refusalOf(
      scenario,
      'it is a copy, or was changed after defineScenario(): only what a file exports can be loaded',
    )
  }
  if (declared.kind === 'unplaced') throw refusalOf(scenario, 'which file made it is not known')
  const { file, lines } = declared
  if (isTest(file)) throw refusalOf(scenario, 'it is made in a test file, which runs in its runner only', file)
  return { ...sourceOf(process.cwd(), file), exported: { name: scenario.name, lines } }
}

function isTest(file: string): boolean {
  return /[._-](test|spec)\.[cm]?[jt]sx?$|[\\/]__tests__[\\/]/.test(file)
}

function refusalOf({ name }: Scenario, why: string, file?: string): UserError {
  const wanted = file === undefined ? undefined : scenarioFile(file)
  const todo =
    file !== undefined && wanted === file
      ? `Make it the default export of that file, and hand over the file: ${urlOf(file)}.`
      : `Move it to ${wanted ?? 'a file of its own, NAME.chaos.ts'}, as the default export, and hand over that file: ${urlOf(wanted)}.`
  return new UserError(
    `scenario "${name}": trials cannot run in this process, and in a worker process it cannot be found: ${why}. ${todo} ${outOfReach}`,
    file,
  )
}

/** What a scenario file of this one is called. */
function scenarioFile(file: string): string {
  if (/\.chaos\.[cm]?[jt]sx?$/.test(file)) return file
  const [, stem = 'first', ending = 'ts'] = /^(.*?)(?:[._-](?:test|spec))?\.([cm]?[jt]sx?)$/.exec(basename(file)) ?? []
  return join(dirname(file), `${stem}.chaos.${ending}`)
}

/** In pieces, for the build puts a module's own place where it finds the whole. */
const hereUrl = ['import.meta', 'url'].join('.')

function urlOf(file: string | undefined): string {
  return `new URL('./${file === undefined ? 'NAME.chaos.ts' : basename(file)}', ${hereUrl}), or its path`
}

let kept: { readonly root: string; readonly executors: Executors } | undefined

/**
 * The worker processes of this process, kept from one call to the next. They do not keep it alive, and end with it. Each call
 * loads its scenario anew.
 */
async function workers(): Promise<Executors> {
  const { openWorkers } = await import('../executors/workers/executors.js')
  const root = process.cwd()
  if (kept?.root !== root) {
    kept?.executors.close()
    const { trialTimeout, memoryMax } = table
    const bounds = { trialTimeout: trialTimeout.default, memoryMax: memoryMax.default }
    kept = { root, executors: openWorkers({ root, ...bounds, output: 'discard', onSecrets: () => {} }) }
  }
  return kept.executors
}

/** How to type the replay of a trial: in a test, or at the command line for a scenario that is named by its file. */
export async function replayLineOf(subject: TrialSubject): Promise<(seed: number, plan: string) => string> {
  const file = subject.kind === 'elsewhere' && !subject.scenario ? subject.source.file : undefined
  if (file === undefined)
    return (seed, plan) => `await replay(scenario, { seed: ${seed}, plan: ${JSON.stringify(plan)} })`
  const { replayCommand } = await import('../campaign/command.js')
  return (seed, plan) => replayCommand(file, seed, plan)
}

/** What runs its trials, for as long as `use` takes. */
export async function withExecutor<T>(subject: TrialSubject, use: (executor: Executor) => Promise<T>): Promise<T> {
  if (subject.kind === 'here') {
    const { inProcess } = await import('../executors/in-process/executor.js')
    return use(inProcess(subject.scenario))
  }
  const executor = await openElsewhere(subject)
  try {
    return await use(executor)
  } finally {
    executor.close()
  }
}

async function openElsewhere({
  source,
  scenario,
}: Extract<TrialSubject, { kind: 'elsewhere' }>): Promise<OpenExecutor> {
  const { open } = await workers()
  if (!scenario) return open(source, () => 1)
  const executor = await open(source, () => 1).catch((error: unknown) => {
    throw isUserError(error) ? refusalOf(scenario, error.message.replace(/\.$/, ''), resolve(source.file)) : error
  })
  const { factsOf } = await import('../executors/record.js')
  const [handed, found] = [factsOf(scenario), executor.facts].map((facts) => ({ ...facts, declaredAt: null }))
  if (JSON.stringify(handed) === JSON.stringify(found)) return executor
  executor.close()
  throw refusalOf(scenario, 'what the file exports has other options than what was handed over', resolve(source.file))
}
