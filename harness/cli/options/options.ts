/** Options that several commands have, and how far their values may go. Apart from the commands, which only name them. */
import type { Command } from 'commander'
import type { Reporter } from '../../../reports/reporter.js'
import { runDefaults } from '../../campaign/defaults.js'
import { progressStyles } from '../progress/progress.js'
import { number, texts, wholeNumber } from './numbers.js'

export const workers = { least: 1, most: 512 }
export const trials = { least: 1, most: 10_000_000 }
export const randomPlans = { least: 0, most: 10_000_000 }
export const measureTrials = { least: 1, most: 1_000_000 }
export const sweepTrials = { least: 10, most: 1_000_000 }
export const rates = { least: 0, most: 1 }
const megabytes = { least: 64, most: 1_048_576 }

export const trialTimeout = [
  '--trial-timeout <seconds>',
  'real time that one trial may take',
  number('--trial-timeout', { least: 0.1, most: 86_400 }),
  runDefaults.trialTimeoutMs / 1000,
] as const

/** May be given more than once. */
export function reporter(reporters: readonly Reporter[]) {
  return [
    '--reporter <name[=file],...>',
    `write reports: ${reporters.map(({ name }) => name).join(', ')}`,
    texts('a list of reporters, each NAME or NAME=FILE'),
  ] as const
}

/** A run has progress to tell of, too. */
export function runReporter(reporters: readonly Reporter[]) {
  const [flags, text, parse] = reporter(reporters)
  return [flags, `${text}; or tell of progress by ${progressStyles.join(', ')}`, parse] as const
}

export const memoryMax = [
  '--memory-max <MB>',
  'memory a worker may take',
  wholeNumber('--memory-max', megabytes),
  runDefaults.memoryMbMax,
] as const

/** What a configuration for runs says of the other commands that run trials. */
export const sharedOptions = ['seed', 'trialTimeout', 'color']

export function withConfig(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration file; else the nearest agent-chaos.config.ts (.js, .json, ...)')
    .option('--no-config', 'read no configuration file')
}

/** Runs are repeatable by default; another seed is another sample of the same search. */
export function withSeed(command: Command): Command {
  const parse = wholeNumber('--seed', { least: 0, most: Number.MAX_SAFE_INTEGER })
  return command.option('--seed <n>', 'the seed of all chance', parse, runDefaults.seed)
}

/** How a report is shown. */
export function withLook(command: Command): Command {
  command
    .option('--coverage', 'show the table of every fault at every site')
    .option('--verbose', 'coverage, and all that happened in the trial of each violation')
    .option('--quiet', 'no progress, and only what did not pass')
  return withColor(command)
}

export function withColor(command: Command): Command {
  return command.option('--color', 'colour, whatever the output is').option('--no-color', 'no colour')
}
