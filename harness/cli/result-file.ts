/** Reads back what a run wrote with `--json`: the one thing that reports are made from. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../errors.js'
import { type Report, reportSchema } from '../report.js'

/** Throws a `UserError` where there is no such file, or where it is no result of this version. */
export function readResult(file: string, cwd: string): Report {
  const value = parsed(file, contentOf(file, cwd))
  const { format, version } = (value ?? {}) as { readonly format?: unknown; readonly version?: unknown }
  if (format !== 'agent-chaos/report') {
    throw new UserError(`${file} is no result of agent-chaos run --json: its format is ${JSON.stringify(format)}`)
  }
  if (version !== 1) {
    throw new UserError(`${file} is a result of version ${JSON.stringify(version)}, and version 1 is read here`)
  }
  const checked = reportSchema.safeParse(value)
  if (checked.success) return value as Report
  const [issue] = checked.error.issues
  throw new UserError(`${file} is damaged: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

function contentOf(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parsed(file: string, content: string): unknown {
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
