/** `agent-chaos init`: a first scenario that runs, a configuration and a script, made for the project that is there. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { reasonOf } from '../../contracts/system-error.js'
import type { Context } from '../context.js'
import { firstScenario, templateOf } from '../init/first-scenario.js'
import { inTests, lookAt, type Project } from '../init/project.js'
import { findConfig } from '../options/config-file.js'
import { exits } from '../output/exit.js'

type InitFlags = FlagsOf<'init'>

/** A file that is to be written, from the project's folder. */
interface Planned {
  readonly file: string
  readonly text: string
}

/** All is written, or nothing. */
export async function init(flags: InitFlags, { io }: Context): Promise<ExitCode> {
  const { force, yes } = flags
  const project = lookAt(io.cwd)
  const workflow = flags.workflow || (!yes && (await agreesTo(askWorkflow, false, io)))
  const files = filesFor(project, io.cwd, workflow)
  const there = files.filter(({ file }) => existsSync(join(io.cwd, file))).map(({ file }) => file)
  if (there.length > 0 && !force) {
    throw new UserError(
      `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already: --force writes over`,
    )
  }
  const names = files.map(({ file }) => file).join(', ')
  if (!yes && !(await agreesTo(`Write ${names}? [Y/n] `, true, io))) {
    io.stdout.write('nothing is written\n')
    return exits.passed
  }
  const manifest = withScript(project)
  for (const { file, text } of [...files, ...(manifest ? [manifest] : [])]) write(file, text, io.cwd)
  io.stdout.write(`${summaryLines(project, files, manifest !== undefined).join('\n')}\n`)
  return exits.passed
}

const askWorkflow = 'Write a workflow for GitHub Actions too? [y/N] '

/** Where nobody is there to ask, `usual` holds. */
async function agreesTo(question: string, usual: boolean, io: Context['io']): Promise<boolean> {
  const answer = (await io.ask(question))?.trim().toLowerCase()
  return answer === undefined || answer === '' ? usual : answer.startsWith('y')
}

function filesFor(project: Project, cwd: string, workflow: boolean): Planned[] {
  const others = workflow ? [{ file: '.github/workflows/chaos.yml', text: templateOf('workflow.txt') }] : []
  return [...scenarioFiles(project, cwd), ...others]
}

function scenarioFiles(project: Project, cwd: string): Planned[] {
  const { typescript, agent } = project
  const own = agent === undefined ? undefined : `../${agent.replace(/\.([cm]?)tsx?$/, '.$1js')}`
  const scenario = {
    file: `scenarios/first.chaos.${typescript ? 'ts' : 'mjs'}`,
    text: firstScenario({ typescript, agent: own }),
  }
  // Two in one folder are refused, whatever their endings.
  const config = findConfig(cwd)
  if (config !== undefined && dirname(config) === cwd && !config.endsWith('.json')) return [scenario]
  const values = { $schema: './node_modules/agent-chaos/dist/config.schema.json', paths: ['scenarios'] }
  return [scenario, { file: 'agent-chaos.config.json', text: `${JSON.stringify(values, null, 2)}\n` }]
}

const script = 'chaos'

/** Nothing where there is a script of that name: it is the user's own. */
function withScript({ manifest: { text, value } }: Project): Planned | undefined {
  if (value.scripts?.[script] !== undefined) return undefined
  const [, indent = '  '] = /^\{\s*?\n([ \t]+)"/.exec(text) ?? []
  const scripts = { ...value.scripts, [script]: 'agent-chaos run' }
  const lines = `${JSON.stringify({ ...value, scripts }, null, indent)}\n`
  return { file: 'package.json', text: text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines }
}

function write(file: string, text: string, cwd: string): void {
  const path = join(cwd, file)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${reasonOf(error)}`)
  }
}

function summaryLines(project: Project, files: readonly Planned[], scripted: boolean): string[] {
  const { modules, typescript, runner, framework, agent } = project
  const seen = [
    modules,
    typescript ? 'TypeScript' : 'JavaScript',
    ...(runner ? [runner] : []),
    ...(framework ? [framework] : []),
  ]
  const [scenario] = files
  return [
    `seen:    ${seen.join(', ')}; ${agent === undefined ? 'no file looks like it' : `the agent may be ${agent}`}`,
    `written: ${[...files.map(({ file }) => file), ...(scripted ? [`script "${script}" in package.json`] : [])].join(', ')}`,
    '',
    'npx agent-chaos run     finds the bug of the small agent in the scenario',
    `Then put your own agent in its place, in ${scenario?.file}.`,
    ...(runner ? [`${inTests[runner].replace('FILE', fileFor(project, scenario?.file ?? ''))}`] : []),
    'npx agent-chaos doctor  tells what is in the way, where something is',
  ]
}

/** As a test that stands in the project's folder names it. */
function fileFor({ modules }: Project, file: string): string {
  return modules === 'ESM'
    ? `new URL('./${file}', ${['import.meta', 'url'].join('.')})`
    : `require.resolve('./${file}')`
}
