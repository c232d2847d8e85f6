/** Proves that a report is read as it was written, and that whatever is none is called by what it is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReport } from '../../../harness/campaign/read-report.js'
import { type UserError, withPlace } from '../../../harness/contracts/errors.js'
import { json } from '../../../reports/index.js'
import { measureReport } from '../../fixtures/cli/measure.js'
import { failing, fullReport, report, scenarioReport } from '../../fixtures/cli/report.js'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-reports-'))
  mkdirSync(join(folder, 'folder'))
})

afterAll(() => rmSync(folder, { recursive: true }))

function refusal(text: string): string {
  writeFileSync(join(folder, 'a.json'), text)
  try {
    readReport('a.json', folder)
  } catch (error) {
    expect((error as UserError).name).toBe('UserError')
    return withPlace(error as UserError)
  }
  throw new Error('it was not refused')
}

/** A sound report with one value replaced. */
function with_(path: string, value: unknown): string {
  return replace(json(report({ scenarios: [scenarioReport({ measure: measureReport() })] })), path, value)
}

/** One with a violation, and one value of that replaced. */
function violate(path: string, value: unknown): string {
  return replace(json(report({ scenarios: [failing] })), `scenarios.0.violations.0.${path}`, value)
}

function replace(text: string, path: string, value: unknown): string {
  const whole = JSON.parse(text)
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  keys.reduce((part, key) => part[key], whole)[last] = value
  return JSON.stringify(whole)
}

describe('readReport', () => {
  it('gives the report that was written, and the name that it was asked for by', () => {
    writeFileSync(join(folder, 'whole.json'), json(fullReport))
    expect(readReport('whole.json', folder)).toEqual({ file: 'whole.json', report: fullReport })
  })

  it.each<[what: string, text: string, message: string | RegExp]>([
    ['an empty file', '', 'a.json: a report is expected, and the file is empty'],
    ['what is no JSON', '{ "format": ', /^a\.json:1: a report is expected, and this is not JSON: /],
    ['a list', '[]', /^a\.json: expected a report, .*\(format "agent-chaos\/report"\), got a value without a format$/],
    ['null', 'null', /got a value without a format$/],
    ['another document', '{ "format": "agent-chaos/replay", "version": 1 }', /got the format "agent-chaos\/replay"$/],
    [
      'another version',
      '{ "format": "agent-chaos/report", "version": 2 }',
      'a.json: expected a report of version 1, got version 2',
    ],
    [
      'a report without a version',
      '{ "format": "agent-chaos/report" }',
      'a.json: expected a report of version 1, got version none',
    ],
    [
      'a text for a number',
      with_('scenarios.0.search.run', 'many'),
      'a.json: not a report that can be read: scenarios[0].search.run: expected number, got string',
    ],
    [
      'a sample without columns',
      with_('scenarios.0.measure.sample', { number: [] }),
      /scenarios\[0\]\.measure\.sample\.seed: expected array/,
    ],
    ['an unknown verdict', with_('verdict', 'fine'), /: verdict: expected one of "passed"/],
    [
      'an event of no known kind',
      violate('events.0', { at: 0, kind: 'retrun' }),
      /: scenarios\[0\]\.violations\[0\]\.events\[0\]\.kind: expected one of "breaker"\|.*, got "retrun"\. Did you mean "return"\?$/,
    ],
    [
      'a return without an outcome',
      violate('events.1.outcome', undefined),
      /\.events\[1\]\.outcome: expected object, got undefined$/,
    ],
    [
      'an error without a message',
      violate('events.7.outcome.error', { name: 'Error' }),
      /\.events\[7\]\.outcome\.error\.message: expected string, got undefined$/,
    ],
    ['an end that is none', violate('events.17.end', 'returned'), /\.events\[17\]\.end\S*: expected/],
    [
      'an odd event of the baseline',
      violate('events', []).replace('"violations"', '"baselineEvents":[{"at":0,"kind":"call"}],"violations"'),
      /scenarios\[0\]\.baselineEvents\[0\]\.crossing: expected number, got undefined$/,
    ],
    [
      'what is nested deeper than anybody can follow',
      violate('events.0.request', JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`)),
      /nested more than 1000 deep$/,
    ],
    ['a report without scenarios', with_('scenarios', undefined), /: scenarios: expected array, got undefined$/],
  ])('refuses %s', (_what, text, message) => {
    expect(refusal(text)).toMatch(message)
  })

  it('says what is there where no report is', () => {
    expect(() => readReport('none.json', folder)).toThrow('no such file')
    expect(() => readReport('folder', folder)).toThrow('a report is expected, and this is a folder')
  })
})
