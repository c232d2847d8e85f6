/** The command line as a whole: commands, options, and what help teaches. What a command does stands in its own file. */

import { Command, Option } from 'commander'
import { runDefaults } from '../../campaign/defaults.js'
import { gateKinds } from '../../contracts/budget.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { selftestDefaults } from '../../selftest/defaults.js'
import type { CompareFlags } from '../commands/compare.js'
import type { ListFlags } from '../commands/list.js'
import type { MergeFlags } from '../commands/merge.js'
import type { ReplayFlags } from '../commands/replay.js'
import type { ReportFlags } from '../commands/report.js'
import type { RunFlags } from '../commands/run.js'
import type { SelftestFlags } from '../commands/selftest.js'
import type { Context } from '../context.js'
import { exits } from '../output/exit.js'
import { reportFailure } from '../output/failure.js'
import {
  compareHelp,
  explainHelp,
  listHelp,
  mergeHelp,
  programHelp,
  replayHelp,
  reportHelp,
  runHelp,
  selftestHelp,
} from './help.js'
import { numbers, oneOf, shardNumber, wholeNumber } from './numbers.js'
import {
  measureTrials,
  memoryMax,
  randomPlans,
  rates,
  reporter,
  runReporter,
  sharedOptions,
  sweepTrials,
  trials,
  trialTimeout,
  withColor,
  withConfig,
  withLook,
  withSeed,
  workers,
} from './options.js'

/** Runs one command line (without `node` and the script). Whatever goes wrong is printed, and is the exit code. */
export async function runCommandLine(args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = exits.passed
  const program = createProgram(context, (result) => {
    code = result
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    return reportFailure(error, context)
  }
}

type Done = (code: ExitCode) => void

function createProgram(context: Context, done: Done): Command {
  const { stdout, stderr } = context.io
  const program = new Command('agent-chaos')
    .description('Runs your agent in a world that fails on purpose, and checks what it really did.')
    .version(context.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Said once, by `reportFailure`.
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(stdout.columns ?? 80, 120),
      getErrHelpWidth: () => Math.min(stderr.columns ?? 80, 120),
    })
    .addHelpText('after', programHelp)
  addRun(program, context, done)
  addMerge(program, context, done)
  addCompare(program, context, done)
  addReport(program, context, done)
  addReplay(program, context, done)
  addList(program, context, done)
  addExplain(program, context, done)
  addSelftest(program, context, done)
  return program
}

function addRun(program: Command, context: Context, done: Done): void {
  const command = program
    .command('run')
    .description('run scenarios: search for faults that break the agent, shrink what is found, and measure reliability')
    .argument('[paths...]', 'scenario files, folders or globs (default: scenarios/, or the current folder)')
  withSeed(command)
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('--otlp <file>', 'write the failing trials as OpenTelemetry traces, for Jaeger say; - is standard output')
    .option(...runReporter(context.reporters))
    .option('--workers <n>', 'worker processes', wholeNumber('--workers', workers), context.parallelism)
    .option(
      '--trials-max <n>',
      'bound on the systematic search, per scenario',
      wholeNumber('--trials-max', trials),
      runDefaults.trialsMax,
    )
    .option(
      '--random <n>',
      'plans of several faults, drawn at random, to follow it',
      wholeNumber('--random', randomPlans),
      runDefaults.randomPlans,
    )
    .option(
      '--measure-trials <n>',
      'bound on measuring reliability, per scenario',
      wholeNumber('--measure-trials', measureTrials),
      runDefaults.measureTrialsMax,
    )
    .option('--gate <kind>', 'sequential or fixed, whatever budgets say', oneOf('--gate', gateKinds))
    .option('--sweep <rates>', 'measure at these fault rates too: 0,0.01,0.05,0.1,0.2', numbers('--sweep', rates))
    .option(
      '--sweep-trials <n>',
      'trials at each rate of --sweep, per scenario',
      wholeNumber('--sweep-trials', sweepTrials),
      runDefaults.sweepTrials,
    )
    .option('--no-measure', 'search only: no reliability is measured')
    .option(...trialTimeout)
    .option(...memoryMax)
    .option('-t, --grep <text>', 'only scenarios whose name contains the text')
    .option('--bail', 'stop after the first scenario that does not pass')
    .option('--shard <i/n>', 'run the i-th of n parts of the trials, to be merged', shardNumber('--shard'))
    .option('--pass-with-no-scenarios', 'exit 0 where there is nothing to run')
  withConfig(withLook(command))
    .option('--watch', 'run again what a change touches, failures first, until Ctrl-C')
    .option('--print-config', 'show what holds and where each value comes from, and run nothing')
    .addHelpText('after', runHelp)
    .action(async (given: string[], { printConfig, watch }: { printConfig?: boolean; watch?: boolean }) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      const read = () => settingsOf(command, given, context)
      if (watch) return done(await (await import('../watch/watch.js')).watch(read, { printConfig }, context))
      const settings = await read()
      if (printConfig) return done((await import('../commands/print-config.js')).printConfig(settings, context))
      const { paths, flags } = flagsOf<RunFlags>(settings)
      done(await (await import('../commands/run.js')).run(paths, flags, context))
    })
  for (const flag of ['measure', 'no-bail', 'no-coverage', 'no-quiet', 'no-verbose', 'no-pass-with-no-scenarios']) {
    // The other way round, for a configuration file that says otherwise.
    command.addOption(new Option(`--${flag}`).hideHelp())
  }
}

function addMerge(program: Command, context: Context, done: Done): void {
  const command = program
    .command('merge')
    .description('put the reports of all shards of a run together, and judge them as one')
    .argument('<files...>', 'the report of every shard, as run --shard --json wrote it')
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option(...reporter(context.reporters))
  withLook(command)
    .addHelpText('after', mergeHelp)
    .action(async (files: string[], flags: MergeFlags) =>
      done(await (await import('../commands/merge.js')).merge(files, flags, context)),
    )
}

function addCompare(program: Command, context: Context, done: Done): void {
  const command = program
    .command('compare')
    .description('hold a later run against an earlier one: what is new, fixed, less reliable')
    .argument('<base>', 'the report of the earlier run')
    .argument('<head>', 'the report of the later run')
    .option('--json <file>', 'write the comparison as JSON; - is standard output')
    .option('--markdown <file>', "write it for a pull request's comment; - is standard output")
    .option('--quiet', 'only what got worse')
  withColor(command)
    .addHelpText('after', compareHelp)
    .action(async (base: string, head: string, flags: CompareFlags) =>
      done(await (await import('../commands/compare.js')).compare(base, head, flags, context)),
    )
}

function addReport(program: Command, context: Context, done: Done): void {
  program
    .command('report')
    .description('make reports of a result that run --json wrote')
    .argument('<file>', 'the result')
    .option(...reporter(context.reporters))
    .option('--output <file>', 'where one report goes; - is standard output')
    .option('--open', 'show the html report in a browser')
    .addHelpText('after', reportHelp(context.reporters))
    .action(async (file: string, flags: ReportFlags) =>
      done(await (await import('../commands/report.js')).report(file, flags, context)),
    )
}

function addReplay(program: Command, context: Context, done: Done): void {
  const command = program
    .command('replay')
    .description('run one trial again, and show what happened in it')
    .argument('<file>', 'the scenario file')
  withSeed(command)
    .option('--plan <text>', 'the faults to inject; none without it', '')
    .option('--repaired', 'a canary with its mistake mended')
    .option('--json <file>', 'write trace and verdicts as JSON; - is standard output')
    .option('--otlp <file>', 'write the trial as an OpenTelemetry trace, for Jaeger say; - is standard output')
    .option('--wire <file>', 'write requests and answers as they passed over the wire; - is standard output')
    .option(...trialTimeout)
  withConfig(withColor(command))
    .addHelpText('after', replayHelp)
    .action(async (file: string) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      const settings = await settingsOf(command, undefined, context, sharedOptions)
      done(await (await import('../commands/replay.js')).replay(file, flagsOf<ReplayFlags>(settings).flags, context))
    })
}

function addList(program: Command, context: Context, done: Done): void {
  const command = program
    .command('list')
    .description('list scenarios with the sites they reach and the faults that fit, or a catalogue')
    .argument('[paths...]', 'scenario files, folders or globs (default: scenarios/, or the current folder)')
    .option('--faults', 'the catalogue of faults instead')
    .option('--invariants', 'the catalogue of invariants instead')
  withSeed(command)
    .option('--json <file>', 'write the listing as JSON; - is standard output')
    .option(...trialTimeout)
  withConfig(withColor(command))
    .addHelpText('after', listHelp)
    .action(async (given: string[], { faults, invariants }: ListFlags) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      // A catalogue is listed of no paths.
      const taken = faults || invariants ? sharedOptions : ['paths', ...sharedOptions]
      const { paths, flags } = flagsOf<ListFlags>(await settingsOf(command, given, context, taken))
      done(await (await import('../commands/list.js')).list(paths, flags, context))
    })
}

function addExplain(program: Command, context: Context, done: Done): void {
  const command = program
    .command('explain')
    .description('explain a fault or an invariant')
    .argument('<name>', 'its name, as list --faults and list --invariants give it')
  withColor(command)
    .addHelpText('after', explainHelp)
    .action(async (name: string, flags: { color?: boolean }) =>
      done(await (await import('../commands/explain.js')).explain(name, flags, context)),
    )
}

function addSelftest(program: Command, context: Context, done: Done): void {
  const command = program
    .command('selftest')
    .description('test the tests: planted bugs must be found, and correct agents must raise no alarm')
    .argument('[paths...]', 'canaries and correct scenarios of your own (default: those that ship with agent-chaos)')
  withSeed(command)
    .option(
      '--trials <n>',
      'random trials of all correct agents together; 0: only look for the bugs',
      wholeNumber('--trials', randomPlans),
      selftestDefaults.trials,
    )
    .option(
      '--trials-max <n>',
      'bound on the search for one bug',
      wholeNumber('--trials-max', trials),
      selftestDefaults.trialsMax,
    )
    .option('--json <file>', 'write the report as JSON; - is standard output')
    .option('--workers <n>', 'worker processes', wholeNumber('--workers', workers), context.parallelism)
    .option(...trialTimeout)
    .option(...memoryMax)
    .option('-t, --grep <text>', 'only scenarios whose name contains the text')
    .option('--bail', 'begin nothing more after a bug that is not found, or a false alarm')
    .option('--quiet', 'no progress, and only what went wrong')
  withColor(command)
    .addHelpText('after', selftestHelp)
    .action(async (paths: string[], flags: SelftestFlags) =>
      done(await (await import('../commands/selftest.js')).selftest(paths, flags, context)),
    )
}
