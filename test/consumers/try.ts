/** The way of a stranger through one kind of project: `init`, the first run, and the tests of the project's own runner. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Consumer, fixedFrom } from './consumers.js'
import { commandOf, projectWith, run } from './project.js'

/** What is not as it should be, in words; nothing where all is. `from`: folders of modules beside those of this checkout. */
export async function problemsOf(consumer: Consumer, from: readonly string[] = []): Promise<string[]> {
  const { within = '.', packages = {}, edit = (text) => text, place = /effects-exactly-once/ } = consumer
  const project = projectWith(consumer.files, from, packages)
  const cwd = join(project, within)
  const agentChaos = (...args: string[]) => run(cwd, process.execPath, [commandOf(project, 'agent-chaos'), ...args])
  const made = await agentChaos('init', '--yes')
  if (made.code !== 0) return [`init: ${made.stderr}`]
  const scenarios = join(cwd, 'scenarios')
  const first = join(scenarios, consumer.scenario)
  writeFileSync(first, edit(readFileSync(first, 'utf8')))
  writeFileSync(first.replace('first', 'fixed'), fixedFrom(readFileSync(first, 'utf8')))
  const ran = await agentChaos('run', `scenarios/${consumer.scenario}`, '--trials-max', '30')
  const isFound = ran.stdout.includes('first broke effects-exactly-once') && place.test(ran.stdout)
  const problems = ran.code === 1 && isFound ? [] : [`run: ${ran.stdout}${ran.stderr}`]
  const [program, ...args] = consumer.command
  const file = program === 'node' ? process.execPath : commandOf(project, program)
  const isScript = /\.[cm]?js$/.test(file)
  const tested = await run(cwd, isScript ? process.execPath : file, isScript ? [file, ...args] : args)
  const said = `${tested.stdout}\n${tested.stderr}`
  const untold = consumer.tells.filter((pattern) => !pattern.test(said))
  if (tested.code === 0) problems.push('the runner passed, and one test was to fail')
  if (untold.length > 0) problems.push(`the runner did not say ${untold.join(', ')}:\n${said}`)
  return problems
}
