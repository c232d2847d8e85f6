/**
 * Whatever is typed or handed in, no mistake of the user's is reported as a bug of ours (70), and nothing that is none is taken for
 * a result. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../faults/catalogue.js'
import { decodePlan, encodePlan } from '../../faults/plan/notation.js'
import { readReport } from '../../harness/campaign/read-report.js'
import { inKebabCase } from '../../harness/cli/options/options.js'
import { isUserError } from '../../harness/contracts/errors.js'
import { optionNames } from '../../harness/contracts/options/derived.js'
import { commands } from '../../harness/contracts/options/row.js'
import { invoke } from '../fixtures/cli/command-line.js'
import { failing, fullReport, report } from '../fixtures/cli/report.js'
import { fuzzing, mutate, notation, odd, oddJson, somewhere } from '../support/laws/odd.js'

const settings = fuzzing(300)
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

/** What would write is tried elsewhere: these write into the folder of the test. And a search of the whole disk takes seconds. */
function isTried(arg: string): boolean {
  return !/^--(?:output|failures)/.test(arg) && resolve('/a/b/c', arg) !== '/'
}

describe('a command line', () => {
  it('of anything ends as a result or as a mistake, and never as a bug', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commands, 'rum'),
        fc.array(argument, { maxLength: 5 }),
        async (command, args) => {
          const { code, stderr } = await invoke([command, ...args.filter(isTried)], { folder: 'a/b/c' })
          expect(code, stderr).not.toBe(70)
        },
      ),
      settings,
    ))
})

describe('a plan', () => {
  it('of anything is read or refused with a place in it, and what is read is the plan that is written', () =>
    fc.assert(
      fc.property(fc.oneof(notation, text), (written) => {
        const decoded = decodePlan(written, catalogue)
        if (decoded.kind === 'refused') expect(decoded.error.message).not.toBe('')
        else expect(decodePlan(encodePlan(decoded.plan), catalogue)).toEqual(decoded)
      }),
      settings,
    ))
})

describe('a configuration', () => {
  it('of anything is taken or refused, and never a bug', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('run', 'list', 'replay'),
        fc.oneof(
          fc
            .dictionary(
              fc.constantFrom(
                ...optionNames.filter((name) => name !== 'watch' && !/^(?:output|failures|open|json)/.test(name)),
              ),
              oddJson,
              { maxKeys: 4 },
            )
            .map((values) => JSON.stringify(values)),
          fc.json(),
          fc.string({ unit: 'binary' }),
        ),
        async (command, content) => {
          const { code, stderr } = await invoke([command], { contents: { 'agent-chaos.config.json': content } })
          expect(code, stderr).not.toBe(70)
        },
      ),
      settings,
    ))
})

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

  const events = (failing.violations[0]?.events ?? []) as readonly unknown[]
  const withEvents = (changed: unknown) => {
    const [violation] = failing.violations
    return report({ scenarios: [{ ...failing, violations: [{ ...violation, events: changed }] }] } as never)
  }

  it('of events in which anything is anything else is read or refused', () => {
    expect(read(JSON.stringify(withEvents(events)))).toBeDefined()
    fc.assert(
      fc.property(somewhere, fc.oneof(odd, oddJson), (path, value) => {
        read(JSON.stringify(withEvents(mutate(events, path, writable(value)))))
      }),
      settings,
    )
  })
})

/** As a file may hold it. */
function writable(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return null
  }
}
