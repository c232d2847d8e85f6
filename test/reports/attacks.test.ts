/**
 * Proves that what a hostile agent, model or scenario wrote does nothing in any report but stand there: on a terminal, in a
 * job's log, in a comment, in a list of tests, in data. (The page has tests of its own.)
 */
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { compareReports } from '../../harness/campaign/compare.js'
import {
  badge,
  comparison,
  comparisonMarkdown,
  github,
  json,
  junit,
  markdown,
  ndjson,
  otlpReport,
  reporters,
  selftest,
  terminal,
  trial,
} from '../../reports/index.js'
import { base, head } from '../fixtures/cli/compared.js'
import { selftestReport } from '../fixtures/cli/selftest-report.js'
import { judgements, trace } from '../fixtures/cli/trace.js'
import { attacks, hostile } from '../fixtures/reports/attacks.js'
import { everything } from '../fixtures/reports/everything.js'

const plain = { color: false, unicode: true }

/** What people read, by what it is. */
function renderAll(attack: string): Readonly<Record<string, string>> {
  const report = hostile(everything, attack)
  const compared = hostileAll(compareReports(base, head), attack)
  const reported = { trace: { ...trace, scenario: attack }, digest: 'd', judgements, notes: [attack] }
  return {
    'a terminal of 60 columns': terminal(report, { ...plain, width: 60 }),
    'a terminal of 140 columns, verbose': terminal(report, { ...plain, width: 140, verbose: true }),
    'a trial': trial(hostileAll(reported, attack), { ...plain, width: 80 }),
    'a selftest': selftest(hostileAll(selftestReport(), attack), { ...plain, width: 80 }),
    'a comparison': comparison(compared, { ...plain, width: 80 }),
    'a comment': markdown(report),
    'a comment on a comparison': comparisonMarkdown(compared),
    'a list of tests': junit(report),
    annotations: github(report),
  }
}

const hostileAll = <T>(value: T, attack: string): T => hostile(value as never, attack) as T

const control = /(?!\n)\p{Cc}/u
const unseen = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
const commands = /^\s*::(?!(?:error|warning) (?:file|title)=)\w|##\[/m

describe.each(Object.entries(attacks))('what %s', (_what, attack) => {
  const texts = renderAll(attack)

  it('steers no terminal, hides nothing, and is no command to a job', () => {
    for (const [what, text] of Object.entries(texts)) {
      expect(text, what).not.toMatch(control)
      expect(text, what).not.toMatch(unseen)
      expect(text, what).not.toMatch(commands)
    }
  })

  it('is cut to what somebody may read', () => {
    for (const [what, text] of Object.entries(texts)) expect(text.length, what).toBeLessThan(3_000_000)
    expect(texts['a comment']?.length).toBeLessThan(65_536)
  })

  it('ends no element, no attribute and no line that it stands in', () => {
    expect(XMLValidator.validate(texts['a list of tests'] ?? '')).toBe(true)
    const own = github(everything).split('\n').length
    expect(texts.annotations?.split('\n')).toHaveLength(own)
    const [outside = ''] = (texts['a comment'] ?? '').split('```')
    expect(outside.replaceAll('<!-- -->', '').match(/<\/?(?!details|summary|b>)[a-z!]/gi)).toEqual(['<!'])
  })

  it('stays what it was in data', () => {
    const report = hostile(everything, attack.slice(0, 10_000))
    const wellFormed = JSON.parse(JSON.stringify(report)) as unknown
    expect(JSON.parse(json(report))).toEqual(wellFormed)
    for (const line of ndjson(report).trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
    expect(() => JSON.parse(otlpReport(report)) as unknown).not.toThrow()
    expect(() => JSON.parse(badge(report)) as unknown).not.toThrow()
  })
})

it('has a look at every reporter that there is', () => {
  const tried = ['html', 'json', 'junit', 'markdown', 'github', 'otlp', 'ndjson', 'badge']
  expect(reporters.map(({ name }) => name).sort()).toEqual(tried.sort())
})
