/** Reporters that the command line asks for, where each writes to, the writing, and how progress is to be shown. */
import type { Reporter } from '../../../reports/reporter.js'
import { didYouMean, UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { Report } from '../../contracts/report/report.js'
import type { Io } from '../context.js'
import { type ProgressStyle, progressStyles } from '../progress/progress.js'
import { type Output, openOutput } from './output.js'

/** A reporter, and where it is to write. */
export interface RequestedReport {
  readonly reporter: Reporter
  readonly file: string
  /** The option that asked for it, for messages. */
  readonly option: string
}

export interface OpenedReporter extends RequestedReport {
  readonly output: Output
}

type ReporterFlags = Pick<FlagsOf<'run'>, 'json' | 'otlp' | 'reporter'>

/** All that the options of a command ask for. Throws a `UserError` for an unknown name. */
export function selectReporters(
  { reporter = [], ...shorthands }: ReporterFlags,
  reporters: readonly Reporter[],
): RequestedReport[] {
  const named = (['json', 'otlp'] as const).flatMap((name) => {
    const file = shorthands[name]
    return file === undefined ? [] : [{ reporter: reporterCalled(name, reporters), file, option: `--${name}` }]
  })
  return [...named, ...parseReporters(reporter, reporters)]
}

/** `html`, `html,json`, `html=out/report.html`: names with a file or without. Throws a `UserError` for an unknown name. */
export function parseReporters(values: readonly string[], reporters: readonly Reporter[]): RequestedReport[] {
  return names(values)
    .filter((text) => !isProgress(text))
    .map((text) => parseReporter(text, reporters))
}

/** How a run is to tell of its progress, if it is said: `dot`, `line`, `list`; the last one holds. */
export function progressStyleOf({ reporter = [] }: ReporterFlags): ProgressStyle | undefined {
  return names(reporter).findLast(isProgress)
}

/** Throws a `UserError` where progress is asked for, of a command that runs nothing. */
export function refuseProgress(flags: ReporterFlags): void {
  const style = progressStyleOf(flags)
  if (style) throw new UserError(`--reporter ${style} is for the progress of a run, and nothing is run here`)
}

function names(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).map((text) => text.trim())
}

function isProgress(text: string): text is ProgressStyle {
  return progressStyles.some((style) => style === text)
}

function parseReporter(text: string, reporters: readonly Reporter[]): RequestedReport {
  const equals = text.indexOf('=')
  const name = equals === -1 ? text : text.slice(0, equals)
  const reporter = reporterCalled(name, reporters)
  return { reporter, file: equals === -1 ? reporter.file : text.slice(equals + 1), option: `--reporter ${name}` }
}

function reporterCalled(name: string, reporters: readonly Reporter[]): Reporter {
  const found = reporters.find((reporter) => reporter.name === name)
  if (found) return found
  if (isProgress(name))
    throw new UserError(`--reporter ${name} tells of progress on standard error, and writes no file`)
  const known = [...reporters.map((reporter) => reporter.name), ...progressStyles]
  throw new UserError(
    `no reporter is called ${JSON.stringify(name)} (${known.join(', ')}).${didYouMean(name, known)}`.replace(/\.$/, ''),
  )
}

/** Throws a `UserError` where one of the files cannot be written, or where two reports have one place. */
export function openReporters(asked: readonly RequestedReport[], io: Io): OpenedReporter[] {
  const files = asked.map(({ file }) => file)
  const twice = asked.find(({ file }, index) => files.indexOf(file) < index)
  if (twice) throw new UserError(`${twice.option} would write to ${twice.file}, where another report goes`)
  return asked.map((one) => ({ ...one, output: openOutput(one.option, one.file, io) }))
}

async function render({ name, load, loadHistory }: Reporter, found: Report | readonly Report[]): Promise<string> {
  if (!isSeveral(found)) return (await load())(found)
  if (!loadHistory) throw new Error(`${name} cannot tell of several results`)
  return (await loadHistory())(found)
}

function isSeveral(found: Report | readonly Report[]): found is readonly Report[] {
  return Array.isArray(found)
}

/**
 * What writes each of the reports, of one result or of several. One throws a `UserError` where its file cannot be written after all; `onWritten` is
 * shown the others.
 */
export function reportWrites(
  opened: readonly OpenedReporter[],
  found: Report | readonly Report[],
  onWritten: (one: OpenedReporter) => void = () => undefined,
): (() => Promise<void>)[] {
  return opened.map((one) => async () => {
    one.output.write(await render(one.reporter, found))
    onWritten(one)
  })
}
