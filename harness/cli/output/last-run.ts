/**
 * Which files did not pass when they were run last, for `run --last-failed`. It is kept where tools keep what may be thrown
 * away. A run that cannot keep it is as good as one that can.
 */
import { readFileSync } from 'node:fs'
import type { Report } from '../../contracts/report/report.js'
import { shownPath } from '../../contracts/shown-path.js'
import { cachePath } from './cache.js'
import { replaceFile } from './replace-file.js'

/** Those of these files that did not pass last time, absolute as they are; none where none is known to have failed. */
export function lastFailed(files: readonly string[], cwd: string): string[] {
  const failed = read(cwd)
  return files.filter((file) => failed.includes(shownPath(file, cwd)))
}

/** What of these files passed is forgotten, and what did not is kept. What was not run stays as it was. */
export function keepFailed({ scenarios, failures }: Report, cwd: string): void {
  const passed = scenarios.filter(({ verdict }) => verdict === 'passed').map(({ environment }) => environment.file)
  const wrong = [
    ...scenarios.filter(({ verdict }) => verdict !== 'passed').map(({ environment }) => environment.file),
    ...failures.map(({ environment }) => environment.file),
  ]
  const failed = [...new Set([...read(cwd).filter((file) => !passed.includes(file)), ...wrong])].sort()
  try {
    replaceFile(
      cachePath(cwd, 'last-run.json'),
      `${JSON.stringify({ format: 'agent-chaos/last-run', version: 1, failed })}\n`,
    )
  } catch {
    // A folder that takes no file: the next run asks for all of them.
  }
}

function read(cwd: string): readonly string[] {
  try {
    const { failed } = JSON.parse(readFileSync(cachePath(cwd, 'last-run.json'), 'utf8')) as { readonly failed: unknown }
    return Array.isArray(failed) ? failed.filter((file) => typeof file === 'string') : []
  } catch {
    return []
  }
}
