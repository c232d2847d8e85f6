/**
 * A scenario from what really happened: the agent runs once against its real model and services, and what passed between them
 * is written down without secrets. What is heavy is loaded when it is called, for a scenario file imports this module too.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checksBy } from '../contracts/checks.js'
import { isUserError, say, UserError } from '../contracts/errors.js'
import { callSite } from '../contracts/place.js'
import { recordingVersion } from '../contracts/recording.js'
import { baseURLsOf } from '../contracts/routes.js'
import type { Scenario } from '../contracts/scenario.js'
import { reasonOf } from '../contracts/system-error.js'
import { scenarioText } from './recording/scenario-text.js'
import type { Take } from './recording/take.js'

/** A function of a module that is the agent. */
export interface RecordedAgent {
  /** Its module, as a URL or a path. */
  readonly file: URL | string
  /** The name of the export; `default` where it is not given. */
  readonly export?: string
  /** What it is called with: the task (default), or the context that a scenario's `agent` has. */
  readonly takes?: 'task' | 'context'
}

/** What `record` takes. */
export interface RecordOptions {
  /** Where the scenario is written, `NAME.chaos.ts`. The recording is written beside it, `NAME.recording.json`. */
  readonly file: URL | string
  /** Unique among the scenarios of a run. */
  readonly name?: string
  /** What the agent is asked to do. */
  readonly task?: string
  /** Left out, with `name` and `task`: the scenario is there already, and is recorded anew. */
  readonly agent?: RecordedAgent
  /** Where a service is really asked, by its own origin: a staging server, or one of this machine. */
  readonly services?: Readonly<Record<string, string>>
  /** Writes over what is there. */
  readonly force?: boolean
}

/** What `record` has written. */
export interface Recorded {
  /** Absolute paths. */
  readonly scenario: string
  readonly recording: string
  /** How many questions to models, and requests to services, it holds. */
  readonly questions: number
  readonly requests: number
}

/**
 * Runs an agent once for real, and writes a scenario whose model and services are what was recorded. Secrets are taken out.
 * Rejects with a `UserError`, and leaves all as it was, where something is there already or the agent fails.
 */
export async function record(options: RecordOptions): Promise<Recorded> {
  const where = callSite()
  checkRecord(options, where)
  const file = pathOf(options.file)
  const recording = file.replace(/\.chaos\.[cm]?[jt]sx?$/, '.recording.json')
  const text = newScenario(options, file, recording)
  refuseOverwriting([...(text === undefined ? [] : [file]), recording], options.force ?? false, where)
  if (text === undefined && !existsSync(file))
    throw new UserError('name, task and agent: there is no such scenario yet', file)
  const restore = keep([file, recording])
  try {
    if (text !== undefined) write(file, text)
    write(recording, printJson({ agentChaosRecording: recordingVersion, questions: [], requests: [] }))
    const { questions, requests, ...rest } = await runForReal(file, options.services ?? {})
    write(recording, printJson({ ...rest, questions, requests }))
    return { scenario: file, recording, questions: questions.length, requests: requests.length }
  } catch (error) {
    restore()
    throw error
  }
}

async function runForReal(file: string, services: Readonly<Record<string, string>>) {
  // The stubs first: what the agent's modules capture when they load is then the run's.
  const { install } = await import('../boundaries/install.js')
  const { canRunTrials } = await import('../sandbox/process.js')
  install()
  if (!(await canRunTrials())) {
    throw new UserError(
      'record: it needs a process of Node whose event loop drains: call it in a script, and not in a test',
    )
  }
  const { loadScenario } = await import('../executors/workers/load.js')
  const { Take } = await import('./recording/take.js')
  const { readTaken } = await import('./recording/read-taken.js')
  const { withoutSecrets } = await import('../campaign/redact.js')
  const scenario = await loadScenario(file)
  const { providers, endpoints } = scenario
  const take = new Take(providers, services)
  await run(scenario, take, file)
  const found = readTaken(take.taken, providers, baseURLsOf(providers, endpoints, process.env))
  if (found.questions.length === 0) throw new UserError('record: the agent asked no model that is known', file)
  return withoutSecrets(found, process.env, take.secrets)
}

/** Real answers may take their time. */
const realLimitMs = 600_000

async function run(scenario: Scenario, take: Take, file: string): Promise<void> {
  const { runOne } = await import('../trial/trial.js')
  const { trace, thrown } = await runOne(
    // It is judged when it is run as a scenario.
    { ...scenario, invariants: [], goal: () => true, intents: null },
    { plan: [], seed: 1, instead: take.endpoint, realLimitMs },
  )
  const { end } = trace
  if (end.kind === 'returned') return
  const error = thrown && 'error' in thrown ? thrown.error : undefined
  const why = error instanceof Error ? error.message : `it ended as "${end.kind}"`
  const lost = take.lost === undefined ? '' : ` (${take.lost})`
  throw new UserError(`record: the agent failed when it ran for real: ${why}${lost}`, file)
}

function checkRecord(options: unknown, where: string | undefined): asserts options is RecordOptions {
  const checks = checksBy((rule) => {
    throw new UserError(`record: ${rule}`, where)
  })
  if (typeof options !== 'object' || options === null)
    checks.refuse(`expected an object of options, got ${say(options)}`)
  const given = options as { readonly [name: string]: unknown }
  checks.keys(given, ['file', 'name', 'task', 'agent', 'services', 'force'], 'record')
  const isFile = (value: unknown) => typeof value === 'string' || value instanceof URL
  const { file, name, task, agent, services, force } = given
  checks.expect(isFile(file) && isChaosFile(String(file)), 'file', 'a path or a URL that ends with .chaos.ts', file)
  checks.expect(force === undefined || typeof force === 'boolean', 'force', 'true or false', force)
  if (services !== undefined) checkServices(services as object, checks)
  if (name === undefined && task === undefined && agent === undefined) return
  checks.expect(typeof name === 'string' && name.trim() !== '', 'name', 'a string', name)
  checks.expect(typeof task === 'string', 'task', 'a string', task)
  checks.record('agent', agent, ['file', 'export', 'takes'])
  const { takes = 'task', export: exported = 'default', file: module } = (agent ?? {}) as Partial<RecordedAgent>
  checks.expect(isFile(module), 'agent.file', 'the module of the agent, as a path or a URL', module)
  checks.expect(
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(exported),
    'agent.export',
    'the name of an export',
    exported,
  )
  checks.expect(takes === 'task' || takes === 'context', 'agent.takes', '"task" or "context"', takes)
}

function checkServices(services: object, checks: ReturnType<typeof checksBy>): void {
  const isOrigin = (text: unknown) => typeof text === 'string' && URL.canParse(text) && new URL(text).origin === text
  checks.expect(typeof services === 'object' && services !== null, 'services', 'origins by origins', services)
  for (const [origin, at] of Object.entries(services)) {
    checks.expect(isOrigin(origin), 'services', 'origins such as "https://api.example.com"', origin)
    checks.expect(isOrigin(at), `services["${origin}"]`, 'an origin such as "http://127.0.0.1:8080"', at)
  }
}

function isChaosFile(file: string): boolean {
  return /\.chaos\.[cm]?[jt]sx?$/.test(file)
}

function pathOf(file: URL | string): string {
  const text = String(file)
  return text.startsWith('file:') ? fileURLToPath(text) : resolve(text)
}

/** `undefined` where the scenario is there already, and stays. */
function newScenario({ name, task, agent }: RecordOptions, file: string, recording: string): string | undefined {
  if (name === undefined || task === undefined || agent === undefined) return undefined
  const { file: module, export: exported = 'default', takes = 'task' } = agent
  const at = pathOf(module)
  if (!existsSync(at)) throw new UserError('record: agent.file: there is no such file', at)
  return scenarioText({ name, task, file, recording, agent: { file: at, export: exported, takes } })
}

function refuseOverwriting(files: readonly string[], force: boolean, where: string | undefined): void {
  const there = files.filter((file) => existsSync(file))
  if (there.length === 0 || force) return
  const are = there.length === 1 ? 'is' : 'are'
  throw new UserError(`record: ${there.join(' and ')} ${are} there already: force: true writes over`, where)
}

/** Gives the undo. */
function keep(files: readonly string[]): () => void {
  const before = files.map((file) => [file, existsSync(file) ? readFileSync(file) : undefined] as const)
  return () => {
    for (const [file, text] of before) {
      if (text === undefined) rmSync(file, { force: true })
      else writeFileSync(file, text)
    }
  }
}

function printJson(data: object): string {
  return `${JSON.stringify(data, null, 2)}\n`
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (error) {
    if (isUserError(error)) throw error
    throw new UserError(`record: it cannot be written: ${reasonOf(error)}`, file)
  }
}
