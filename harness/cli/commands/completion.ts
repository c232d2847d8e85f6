/** `agent-chaos completion`: the script by which a shell completes the command. */
import type { Command } from 'commander'
import { didYouMean, UserError } from '../../contracts/errors.js'
import { type OptionName, optionNames, rowOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { type CommandWords, scripts, shells } from '../completion/scripts.js'
import type { Context } from '../context.js'
import { exits } from '../output/exit.js'

export function completion(shell: string, program: Command, { io }: Context): ExitCode {
  const known = shells.find((one) => one === shell)
  if (known === undefined) {
    throw new UserError(
      `completion takes ${shells.join(', ')}, not ${JSON.stringify(shell)}.${didYouMean(shell, shells)}`,
    )
  }
  io.stdout.write(scripts[known](program.name(), program.commands.map(wordsOf)))
  return exits.passed
}

function wordsOf(command: Command): CommandWords {
  const options = command.options.filter(({ hidden, long }) => !hidden && long !== undefined)
  return {
    name: command.name(),
    summary: command.description(),
    options: options.map((option) => ({
      flag: option.long ?? '',
      summary: option.description,
      values: option.required || option.optional ? wordsFor(option.attributeName()) : undefined,
    })),
  }
}

function wordsFor(attribute: string): readonly string[] {
  const name = optionNames.find((one): one is OptionName => one === attribute)
  return name === undefined ? [] : (rowOf(name).value.words ?? [])
}
