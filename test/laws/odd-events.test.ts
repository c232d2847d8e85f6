/**
 * A result from a file may hold anything. Either it is refused with the path of what is odd, or every report of it is made:
 * no renderer throws. Each part of each kind of event is replaced by each of a few odd values.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReport } from '../../harness/campaign/read-report.js'
import { type UserError, withPlace } from '../../harness/contracts/errors.js'
import type { Report } from '../../harness/contracts/report/report.js'
import { reporters } from '../../reports/catalogue.js'
import { json } from '../../reports/index.js'
import { terminal } from '../../reports/terminal/terminal.js'
import { failing, report } from '../fixtures/cli/report.js'

type Path = readonly (string | number)[]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-odd-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const error = { name: 'Error', message: 'x', code: 'E', status: 500 }
/** One of every kind, beside those of a trial that was run. */
const others = [
  { at: 1, kind: 'breaker', breaker: 'tool:refund', event: 'observed', state: 'closed', fresh: true },
  { at: 1, kind: 'breaker', breaker: 'tool:refund', event: 'failed', tookMs: 1, unsent: true },
  {
    at: 1,
    kind: 'span',
    span: 0,
    parent: null,
    trace: 0,
    name: 'n',
    scope: 's',
    role: 'client',
    startMs: 0,
    endMs: 1,
    attributes: { a: 1 },
    status: 'ok',
  },
  { at: 1, kind: 'unhandled', how: 'rejection', error },
  { at: 1, kind: 'cancel' },
  { at: 1, kind: 'restart', attempt: 2 },
  { at: 1, kind: 'left-running', what: 'timers', count: 1, longestMs: 10 },
  { at: 1, kind: 'end', end: { kind: 'stuck', resources: ['a socket'] } },
  { at: 1, kind: 'end', end: { kind: 'killed', why: 'memory' } },
]
const odd: readonly unknown[] = [undefined, null, -1, 1e308, 'odd', {}, [null]]

const [violation] = failing.violations
const events = [...(violation?.events ?? []), ...others]
const sound = JSON.stringify(report({ scenarios: [failing] }))

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const parts = Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, key]))
  return path.length === 0 ? parts : [path, ...parts]
}

function resultWith(index: number, path: Path, value: unknown): string {
  const result = JSON.parse(sound)
  const changed = structuredClone(events) as unknown as Record<string, unknown>[]
  let part = changed[index] as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) part = part[key] as Record<string | number, unknown>
  const last = path.at(-1)
  if (last !== undefined) part[last] = value
  result.scenarios[0].violations[0].events = changed
  return JSON.stringify(result)
}

async function attempt(text: string): Promise<'refused' | 'shown'> {
  const file = join(folder, 'result.json')
  writeFileSync(file, text)
  let read: Report
  try {
    read = readReport(file).report
  } catch (refusal) {
    expect((refusal as Error).name).toBe('UserError')
    expect(withPlace(refusal as UserError)).toMatch(/scenarios\[0\]\.violations\[0\]\.events\[\d+\]/)
    return 'refused'
  }
  for (const reporter of reporters) expect(typeof (await reporter.load())(read)).toBe('string')
  expect(terminal(read, { width: 80, color: false, unicode: true, verbose: true })).not.toBe('')
  return 'shown'
}

describe('an odd event in a result', () => {
  it.each(events.map((event, index) => [event.kind, index] as const))(
    '%s (%i) is refused or shown',
    async (_, index) => {
      const found = new Set<string>()
      for (const path of pathsIn(events[index])) {
        for (const value of odd) found.add(await attempt(resultWith(index, path, value)))
      }
      expect(found).toContain('refused')
    },
  )

  it('is none where nothing was changed', async () => {
    expect(await attempt(resultWith(0, ['at'], 0))).toBe('shown')
    expect(json(readReport(join(folder, 'result.json')).report)).toContain('"kind": "span"')
  })
})
