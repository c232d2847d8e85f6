/** The options of each command, for commander and for its help, as the table of options has them. */
import { type Command, Option } from 'commander'
import type { Reporter } from '../../../reports/reporter.js'
import { defaultOf, namesOn, type OptionName, optionNames, rowOf, summaryOf } from '../../contracts/options/derived.js'
import type { CommandName } from '../../contracts/options/row.js'
import { progressStyles } from '../progress/progress.js'
import { parserOf } from './parse.js'

/** What the table cannot know, for it is handed in. */
export interface Surroundings {
  readonly parallelism: number
  readonly reporters: readonly Reporter[]
}

/** Gives a command that has its name all options that it takes. */
export function withOptions(command: Command, around: Surroundings): Command {
  const at = command.name() as CommandName
  for (const name of namesOn(at)) if (!rowOf(name).argument) addOption(command, name, at, around)
  return command
}

function addOption(command: Command, name: OptionName, at: CommandName, around: Surroundings): void {
  const { value, shows, short, off, bare } = rowOf(name)
  const given = `--${inKebabCase(name)}`
  const takes = bare === undefined ? ` <${shows}>` : ` [${shows}]`
  const on = new Option(
    `${short ? `-${short}, ` : ''}${given}${shows ? takes : ''}`,
    helpOf(name, at, around.reporters),
  )
  if (value.read || value.each) on.argParser(parserOf(given, value))
  const holds = defaultOf(name, at, around.parallelism)
  // Help shows it where it says something.
  if (typeof holds === 'number') on.default(holds)
  // What is on by itself can be turned off; what the file or the terminal turns on, too.
  if (value.form === 'flag' && holds === true) on.hideHelp()
  command.addOption(on)
  if (off !== undefined) command.addOption(new Option(`--no-${inKebabCase(name)}`, off))
  else if (value.form === 'flag' && rowOf(name).config?.includes(at)) {
    command.addOption(new Option(`--no-${inKebabCase(name)}`).hideHelp())
  }
  if (holds !== undefined) command.setOptionValueWithSource(name, holds, 'default')
}

/** The same arguments; options that were given by their name alone have a value, so that what follows is not taken for it. */
export function withBareValues(args: readonly string[]): string[] {
  const bare = new Map<string, string | undefined>(
    optionNames.map((name) => [`--${inKebabCase(name)}`, rowOf(name).bare]),
  )
  return args.map((arg) => (bare.get(arg) === undefined ? arg : `${arg}=${bare.get(arg)}`))
}

/** Reporters by their names. */
function helpOf(name: OptionName, at: CommandName, reporters: readonly Reporter[]): string {
  if (name !== 'reporter') return summaryOf(name, at)
  const names = reporters.map((reporter) => reporter.name).join(', ')
  const progress = at === 'run' ? `; or tell of progress by ${progressStyles.join(', ')}` : ''
  return `write reports: ${names}${progress}`
}

/** As it is written on the command line. */
export function inKebabCase(name: OptionName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
