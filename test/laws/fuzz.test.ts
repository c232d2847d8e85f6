/**
 * Whatever is typed or handed in, no mistake of the user's is reported as a bug of ours (70), and nothing that is none is taken for
 * a result. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { readReport } from '../../harness/campaign/read-report.js'
import { inKebabCase } from '../../harness/cli/options/options.js'
import { isUserError } from '../../harness/contracts/errors.js'
import { optionNames } from '../../harness/contracts/options/derived.js'
import { commands } from '../../harness/contracts/options/row.js'
import { invoke } from '../fixtures/cli/command-line.js'
import { fullReport } from '../fixtures/cli/report.js'

const numRuns = Number(process.env.FUZZ ?? 300)
const settings = { seed: 22, numRuns }
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Texts as people and scripts mistype them, and as nobody types them. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '-',
    '--',
    '-1',
    '0',
    '1e999',
    'NaN',
    '../..',
    '/dev/null',
    '\u0000',
    '\ud800',
    '{}',
    '[',
    'tool:a#1 = tool/slow',
    '1/2',
    '9/3',
  ),
)
const flag = fc.constantFrom(...optionNames.filter((name) => name !== 'watch').map((name) => `--${inKebabCase(name)}`))
const argument = fc.oneof(
  flag,
  fc.tuple(flag, text).map(([name, value]) => `${name}=${value}`),
  text,
)

describe('a command line', () => {
  it('of anything ends as a result or as a mistake, and never as a bug', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands, 'rum'),
        fc.array(argument, { maxLength: 5 }),
        async (command, args) => {
          // What would write is tried elsewhere: these write into the folder of the test.
          const { code, stderr } = await invoke([command, ...args.filter((arg) => !/^--(?:output|failures)/.test(arg))])
          expect(code, stderr).not.toBe(70)
        },
      ),
      settings,
    ))
})

/** A report with one of its values replaced, at any depth. */
function mutate(data: unknown, path: readonly number[], value: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof data !== 'object' || data === null) return value
  const keys = Object.keys(data)
  const key = keys[first % Math.max(1, keys.length)]
  if (key === undefined) return value
  const inner = mutate(Reflect.get(data, key), rest, value)
  return Array.isArray(data)
    ? data.map((item, index) => (String(index) === key ? inner : item))
    : { ...data, [key]: inner }
}

describe('a result file', () => {
  const file = join(folder, 'report.json')
  const read = (content: string) => {
    writeFileSync(file, content)
    try {
      return readReport(file)
    } catch (error) {
      expect(isUserError(error), String(error)).toBe(true)
      return undefined
    }
  }

  it('of anything is read or refused', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (content) => {
        expect(read(content)).toBeUndefined()
      }),
      settings,
    ))

  it('in which anything is anything else is read or refused, and is never shown as what it is not', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 8 }), fc.jsonValue(), (path, value) => {
        read(JSON.stringify(mutate(fullReport, path, value)))
      }),
      settings,
    ))
})
