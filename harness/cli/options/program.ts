/** The command line as a whole: commands, options, and what help teaches. What a command does stands in its own file. */

import { Command } from 'commander'
import { UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import { type CommandName, commands } from '../../contracts/options/row.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { PinFlags } from '../commands/pin.js'
import type { ReplayFlags } from '../commands/replay.js'
import type { Context } from '../context.js'
import { exits } from '../output/exit.js'
import { reportFailure } from '../output/failure.js'
import { pageOfCommand, pathOfPage } from '../output/pages.js'
import {
  cancelHelp,
  compareHelp,
  completionHelp,
  doctorHelp,
  explainHelp,
  initHelp,
  listHelp,
  mergeHelp,
  pinHelp,
  programHelp,
  replayHelp,
  reportHelp,
  runHelp,
  selftestHelp,
  workHelp,
} from './help.js'
import { withBareValues, withOptions } from './options.js'

/** Runs one command line (without `node` and the script). Whatever goes wrong is printed, and is the exit code. */
export async function runCommandLine(args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = exits.passed
  const program = createProgram(context, (result) => {
    code = result
  })
  try {
    await program.parseAsync(withBareValues(args), { from: 'user' })
    return code
  } catch (error) {
    return reportFailure(
      error,
      context,
      args.find((arg) => isCommand(arg)),
    )
  }
}

/** The page of a command, and for the program itself the first page of the docs. */
function readMore(command: CommandName | undefined, { docs, io }: Context): string {
  const path = pathOfPage(command ? pageOfCommand[command] : 'README.md', docs, io.cwd)
  return path === undefined ? '' : `\nRead more in ${path}\n`
}

function isCommand(arg: string): boolean {
  return (commands as readonly string[]).includes(arg)
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
    .addHelpText('after', programHelp + readMore(undefined, context))
  addRun(program, context, done)
  addMerge(program, context, done)
  addCompare(program, context, done)
  addReport(program, context, done)
  addReplay(program, context, done)
  addPin(program, context, done)
  addList(program, context, done)
  addExplain(program, context, done)
  addSelftest(program, context, done)
  addInit(program, context, done)
  addDoctor(program, context, done)
  addWork(program, context, done)
  addCancel(program, context, done)
  addCompletion(program, context, done)
  return program
}

function addRun(program: Command, context: Context, done: Done): void {
  const command = program
    .command('run')
    .description('run scenarios: search for faults that break the agent, shrink what is found, and measure reliability')
    .argument('[paths...]', 'scenario files, folders or globs (default: scenarios/, or the current folder)')
  withOptions(command, context)
    .addHelpText('after', runHelp + readMore('run', context))
    .action(async (given: string[], { printConfig, watch, lastFailed, updateKnown, resume, queue }: FlagsOf<'run'>) => {
      if (watch) refuseWatching({ lastFailed, updateKnown, resume, queue })
      const { flagsOf, settingsOf } = await import('./settings.js')
      const read = () => settingsOf(command, 'run', given, context)
      if (watch) return done(await (await import('../watch/watch.js')).watch(read, { printConfig }, context))
      const settings = await read()
      if (printConfig) return done((await import('../commands/print-config.js')).printConfig(settings, context))
      const { paths, flags } = flagsOf<FlagsOf<'run'>>(settings)
      done(await (await import('../commands/run.js')).run(paths, flags, context))
    })
}

/** A watch runs failures first by itself, and many runs would write one file. */
function refuseWatching(flags: Pick<FlagsOf<'run'>, 'lastFailed' | 'updateKnown' | 'resume' | 'queue'>): void {
  if (flags.lastFailed) throw new UserError('--watch and --last-failed exclude each other: a watch runs failures first')
  if (flags.queue !== undefined) throw new UserError('--watch and --queue exclude each other: a watch runs here')
  if (flags.resume) throw new UserError('--watch and --resume exclude each other: a watch keeps no journal')
  if (flags.updateKnown) throw new UserError('--watch and --update-known exclude each other: write the file by a run')
}

function addMerge(program: Command, context: Context, done: Done): void {
  const command = program
    .command('merge')
    .description('put the reports of all shards of a run together, and judge them as one')
    .argument('<files...>', 'the report of every shard, as run --shard --json wrote it')
  withOptions(command, context)
    .addHelpText('after', mergeHelp + readMore('merge', context))
    .action(async (files: string[], flags: FlagsOf<'merge'>) =>
      done(await (await import('../commands/merge.js')).merge(files, flags, context)),
    )
}

function addCompare(program: Command, context: Context, done: Done): void {
  const command = program
    .command('compare')
    .description('hold a later run against an earlier one: what is new, fixed, less reliable')
    .argument('<base>', 'the report of the earlier run')
    .argument('<head>', 'the report of the later run')
  withOptions(command, context)
    .addHelpText('after', compareHelp + readMore('compare', context))
    .action(async (base: string, head: string, flags: FlagsOf<'compare'>) =>
      done(await (await import('../commands/compare.js')).compare(base, head, flags, context)),
    )
}

function addReport(program: Command, context: Context, done: Done): void {
  const command = program
    .command('report')
    .description('make reports of a result that run --json wrote, or one page of several results')
    .argument('<files...>', 'the result; of several html tells the history')
  withOptions(command, context)
    .addHelpText('after', reportHelp(context.reporters) + readMore('report', context))
    .action(async (files: string[], flags: FlagsOf<'report'>) =>
      done(await (await import('../commands/report.js')).report(files, flags, context)),
    )
}

function addReplay(program: Command, context: Context, done: Done): void {
  const command = program
    .command('replay')
    .description('run one trial again, and show what happened in it')
    .argument('<file>', 'the scenario file')
  withOptions(command, context)
    .addHelpText('after', replayHelp + readMore('replay', context))
    .action(async (file: string) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      const { flags } = flagsOf<ReplayFlags>(await settingsOf(command, 'replay', undefined, context))
      done(await (await import('../commands/replay.js')).replay(file, flags, context))
    })
}

function addPin(program: Command, context: Context, done: Done): void {
  const command = program
    .command('pin')
    .description('write a test for your own runner that holds one plan for ever')
    .argument('<file>', 'the scenario file')
  withOptions(command, context)
    .addHelpText('after', pinHelp + readMore('pin', context))
    .action(async (file: string) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      const { flags } = flagsOf<PinFlags>(await settingsOf(command, 'pin', undefined, context))
      done(await (await import('../commands/pin.js')).pin(file, flags, context))
    })
}

function addList(program: Command, context: Context, done: Done): void {
  const command = program
    .command('list')
    .description('list scenarios with the sites they reach and the faults that fit, or a catalogue')
    .argument('[paths...]', 'scenario files, folders or globs (default: scenarios/, or the current folder)')
  withOptions(command, context)
    .addHelpText('after', listHelp + readMore('list', context))
    .action(async (given: string[], { faults, invariants, queue }: FlagsOf<'list'>) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      const { paths, flags } = flagsOf<FlagsOf<'list'>>(await settingsOf(command, 'list', given, context))
      // A catalogue or a queue is listed of no paths, whatever the file says.
      const taken = faults || invariants || queue !== undefined ? { paths: given } : paths
      done(await (await import('../commands/list.js')).list(taken, flags, context))
    })
}

function addExplain(program: Command, context: Context, done: Done): void {
  const command = program
    .command('explain')
    .description('explain a fault or an invariant')
    .argument('<name>', 'its name, as list --faults and list --invariants give it')
  withOptions(command, context)
    .addHelpText('after', explainHelp + readMore('explain', context))
    .action(async (name: string, flags: FlagsOf<'explain'>) =>
      done(await (await import('../commands/explain.js')).explain(name, flags, context)),
    )
}

function addSelftest(program: Command, context: Context, done: Done): void {
  const command = program
    .command('selftest')
    .description('test the tests: planted bugs must be found, and correct agents must raise no alarm')
    .argument('[paths...]', 'canaries and correct scenarios of your own (default: those that ship with agent-chaos)')
  withOptions(command, context)
    .addHelpText('after', selftestHelp + readMore('selftest', context))
    .action(async (paths: string[], flags: FlagsOf<'selftest'>) =>
      done(await (await import('../commands/selftest.js')).selftest(paths, flags, context)),
    )
}

function addInit(program: Command, context: Context, done: Done): void {
  const command = program
    .command('init')
    .description('write a first scenario that runs, a configuration and a script, for the project in this folder')
  withOptions(command, context)
    .addHelpText('after', initHelp + readMore('init', context))
    .action(async (flags: FlagsOf<'init'>) => done(await (await import('../commands/init.js')).init(flags, context)))
}

function addDoctor(program: Command, context: Context, done: Done): void {
  const command = program
    .command('doctor')
    .description('tell what is in the way: of this machine, of the project, and of each scenario')
    .argument('[paths...]', 'scenario files, folders or globs (default: scenarios/, or the current folder)')
  withOptions(command, context)
    .addHelpText('after', doctorHelp + readMore('doctor', context))
    .action(async (given: string[]) => {
      const { flagsOf, settingsOf } = await import('./settings.js')
      const read = async () => flagsOf<FlagsOf<'doctor'>>(await settingsOf(command, 'doctor', given, context))
      done(await (await import('../commands/doctor.js')).doctor(read, context))
    })
}

function addWork(program: Command, context: Context, done: Done): void {
  const command = program.command('work').description('run trials for runs that another machine leads, by a queue')
  withOptions(command, context)
    .addHelpText('after', workHelp + readMore('work', context))
    .action(async (flags: FlagsOf<'work'>) => done(await (await import('../commands/work.js')).work(flags, context)))
}

function addCancel(program: Command, context: Context, done: Done): void {
  const command = program
    .command('cancel')
    .description('end a run that stands in a queue')
    .argument('<run>', 'its id, as list --queue gives it')
  withOptions(command, context)
    .addHelpText('after', cancelHelp + readMore('cancel', context))
    .action(async (id: string, flags: FlagsOf<'cancel'>) =>
      done(await (await import('../commands/cancel.js')).cancel(id, flags, context)),
    )
}

function addCompletion(program: Command, context: Context, done: Done): void {
  program
    .command('completion')
    .description('print the script by which a shell completes this command')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', completionHelp + readMore('completion', context))
    .action(async (shell: string) =>
      done((await import('../commands/completion.js')).completion(shell, program, context)),
    )
}
