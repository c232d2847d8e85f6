/** A report from its file. What is not one is refused with what was expected and what came, and nothing of it is used. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ZodError } from 'zod'
import { UserError } from '../contracts/errors.js'
import { depthMost, isDeeper, parseJson } from '../contracts/json-text.js'
import { type Report, reportSchema } from '../contracts/report/report.js'
import { isSystemError, reasonOf } from '../contracts/system-error.js'
import { eventsSchema } from '../contracts/trace-schema.js'
import { problemOf } from './problem.js'

/** A report with the name of the file that it was read from, as the user gave it. */
export interface ReportFile {
  readonly file: string
  readonly report: Report
}

/** Throws a `UserError` that begins with the file's name. */
export function readReport(file: string, cwd = process.cwd()): ReportFile {
  const text = textOf(resolve(cwd, file), file)
  if (text.trim() === '') throw new UserError('a report is expected, and the file is empty', file)
  const value = parseJson(text, 'a report is expected', file)
  refuseOthers(value, file)
  refuseDepth(value, file)
  const read = reportSchema.safeParse(value)
  if (!read.success) throw unreadable(read.error, [], file)
  for (const [path, events] of eventsIn(read.data)) {
    const { error } = eventsSchema.safeParse(events)
    if (error) throw unreadable(error, path, file)
  }
  // As it is: what a later minor version added is not lost.
  return { file, report: value as Report }
}

function textOf(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = isSystemError(error) ? error.code : undefined
    if (code === 'ENOENT') throw new UserError('no such file', file)
    throw new UserError(code === 'EISDIR' ? 'a report is expected, and this is a folder' : reasonOf(error), file)
  }
}

/** Other documents, and those of other versions, are called by what they are. */
function refuseOthers(value: unknown, file: string): void {
  const { format, version } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const wanted = 'expected a report, as agent-chaos run --json writes it (format "agent-chaos/report")'
  if (format !== 'agent-chaos/report') {
    const came = format === undefined ? 'a value without a format' : `the format ${JSON.stringify(format)}`
    throw new UserError(`${wanted}, got ${came}`, file)
  }
  if (version !== 1) {
    throw new UserError(`expected a report of version 1, got version ${JSON.stringify(version) ?? 'none'}`, file)
  }
}

type Path = readonly PropertyKey[]

/** Every list of events, and where it stands. */
function eventsIn({ scenarios }: Report): (readonly [Path, unknown])[] {
  return scenarios.flatMap(({ baselineEvents, violations }, scenario) => [
    [['scenarios', scenario, 'baselineEvents'], baselineEvents ?? []] as const,
    ...violations.map(
      ({ events }, violation) => [['scenarios', scenario, 'violations', violation, 'events'], events] as const,
    ),
  ])
}

/** What an agent handed over may itself be deep. */
function refuseDepth(value: unknown, file: string): void {
  if (isDeeper(value, depthMost))
    throw new UserError(`not a report that can be read: nested more than ${depthMost} deep`, file)
}

function unreadable(error: ZodError, before: Path, file: string): UserError {
  return new UserError(`not a report that can be read: ${problemOf(error, before)}`, file)
}
