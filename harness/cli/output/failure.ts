/**
 * How a command that failed says so. A mistake of the user's, or a machine that has run out of something, takes one
 * line. A bug of ours is reported with all that a report of it needs.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { clean } from '../../../reports/drawing/text.js'
import { isUserError, withPlace } from '../../contracts/errors.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { shortageOf } from '../../contracts/system-error.js'
import type { Context } from '../context.js'
import { exits } from './exit.js'
import { pageFor, pathOfPage, type UsageMistake } from './pages.js'

/** Prints what is to be said of an error that a command threw, and returns the exit code. */
export function reportFailure(error: unknown, context: Context, command?: string): ExitCode {
  const { stderr } = context.io
  if (isUserError(error)) {
    stderr.write(`agent-chaos: ${clean(withPlace(error))}\n`)
    tellPage(error, context, command)
    return exits.usage
  }
  if (isCommanderError(error)) return reportUsage(error, context, command)
  const shortage = shortageOf(error)
  if (shortage !== undefined) {
    stderr.write(`agent-chaos: ${clean(shortage)}\n`)
    return exits.usage
  }
  stderr.write(bugText(error, context.version))
  return exits.bug
}

interface CommanderFailure extends Error {
  readonly code: string
  readonly exitCode: number
}

function isCommanderError(error: unknown): error is CommanderFailure {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.')
}

function reportUsage(error: CommanderFailure, context: Context, command: string | undefined): ExitCode {
  // Help and version were asked for and are printed already; bare `agent-chaos` asked for nothing.
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return exits.passed
  if (error.code === 'commander.help') return error.exitCode === 0 ? exits.passed : exits.usage
  const text = usageText(error, context, command)
  context.io.stderr.write(`agent-chaos: ${text}\n`)
  tellPage({ message: text }, context, command)
  return exits.usage
}

/** Names the page of the docs that helps, on a line of its own. */
export function tellPage(about: string | UsageMistake, { io, docs }: Context, command?: string): void {
  const path = pathOfPage(typeof about === 'string' ? about : pageFor(about, command), docs, io.cwd)
  if (path !== undefined) io.stderr.write(`Read more in ${path}\n`)
}

function usageText({ code, message }: CommanderFailure, { io, reporters }: Context, command = ''): string {
  const [problem = '', suggestion] = clean(message)
    .replace(/^error: /, '')
    .split('\n')
  const quoted = problem.replace(/'([^']*)'/g, '"$1"')
  const meant = /Did you mean (?:one of )?([^?]*)\?/.exec(suggestion ?? '')?.[1]
  if (meant !== undefined) return `${quoted}. Did you mean ${meant.replace(/[^\s,]+/g, '"$&"')}?`
  const path = code === 'commander.unknownCommand' ? /"([^"]*)"/.exec(quoted)?.[1] : undefined
  if (path !== undefined && existsSync(resolve(io.cwd, path))) {
    return `${quoted}. To run the scenarios in it: agent-chaos run ${path}`
  }
  const reporter = reporters.find(({ name }) => quoted.includes(`"--${name}"`))
  if (reporter) return `${quoted}. Did you mean "--reporter ${reporter.name}=FILE"?`
  return `${quoted.replace(/\.$/, '')}. See agent-chaos ${command === '' ? '' : `${command} `}--help`
}

/** What to print for an exception that is not the user's to fix. */
export function bugText(error: unknown, version: string): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return [
    'agent-chaos: this is a bug of agent-chaos, not of your agent or your scenario.',
    'Please report it with the lines below; `npm bugs agent-chaos` shows where.',
    '',
    `  agent-chaos ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    ...clean(stack)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
  ].join('\n')
}
