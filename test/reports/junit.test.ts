/** Proves that tools for tests are told the same as people are, in XML that holds whatever an agent wrote. */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { junit } from '../../reports/index.js'
import { measureReport } from '../fixtures/cli/measure.js'
import {
  failing,
  fullReport,
  missedCanary,
  passing,
  report,
  scenarioReport,
  undecided,
  violation,
} from '../fixtures/cli/report.js'

interface Case {
  readonly name: string
  readonly classname: string
  readonly failure?: { readonly '#text': string; readonly type: string; readonly message: string }
  readonly error?: { readonly '#text': string; readonly type: string; readonly message: string }
  readonly skipped?: string
}

interface Suite {
  readonly name: string
  readonly tests: string
  readonly failures: string
  readonly errors: string
  readonly skipped: string
  readonly testcase: readonly Case[]
}

interface Suites {
  readonly tests: string
  readonly failures: string
  readonly errors: string
  readonly testsuite: readonly Suite[]
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  isArray: (name) => name === 'testsuite' || name === 'testcase',
})

function read(xml: string): Suites {
  expect(XMLValidator.validate(xml)).toBe(true)
  return (parser.parse(xml) as { testsuites: Suites }).testsuites
}

const suite = (scenario: Parameters<typeof scenarioReport>[0]) => {
  const [only] = read(junit(report({ scenarios: [scenarioReport(scenario)] }))).testsuite
  if (!only) throw new Error('no suite')
  return only
}

it('says of each suite by which version of agent-chaos it was made', () => {
  const xml = junit(fullReport)
  const suites = xml.match(/<testsuite /g) ?? []
  expect(suites.length).toBeGreaterThan(1)
  expect(xml.match(/<properties>\s*<property name="agent-chaos.version" value="0\.1\.0"\/>/g)).toHaveLength(
    suites.length,
  )
})

describe('a JUnit report', () => {
  it('has a suite for each scenario and each file that could not be run', () => {
    const { testsuite, tests, failures, errors } = read(junit(fullReport))
    expect(testsuite.map(({ name }) => name)).toEqual([
      'refund-order',
      'refund-naive',
      'charge-twice',
      'quiet-canary',
      'search-agent',
      'broken-agent',
      'scenarios/empty.chaos.ts',
    ])
    const sum = (count: (suite: Suite) => string) => testsuite.reduce((sum, each) => sum + Number(count(each)), 0)
    expect([tests, failures, errors].map(Number)).toEqual([
      sum(({ tests }) => tests),
      sum(({ failures }) => failures),
      sum(({ errors }) => errors),
    ])
  })

  it('has a case for each invariant: held, or skipped with the reason why', () => {
    const { testcase, skipped } = suite(passing)
    expect(testcase.map(({ name, skipped }) => [name, skipped ?? ''])).toEqual([
      ['works without faults', ''],
      ['effects-exactly-once', ''],
      ['partial-reply-not-acted-on', 'nothing in these trials called for it'],
      ['breaker-trips', 'nothing in these trials called for it'],
    ])
    expect(skipped).toBe('2')
  })

  it('tells a violation as people are told it, with the command that shows it again', () => {
    const rows = [{ ...scenarioReport().invariants[0], verdict: 'violated' }] as typeof failing.invariants
    const { testcase, failures } = suite({ ...failing, invariants: rows })
    expect(failures).toBe('1')
    const failure = testcase.find(({ name }) => name === 'effects-exactly-once')?.failure
    expect(failure?.message).toContain('was applied twice')
    expect(failure?.['#text']).toContain('npx agent-chaos replay scenarios/refund-naive.chaos.ts --seed 7')
  })

  it('has a case and a failure for each way in which an invariant was broken', () => {
    const rows = [{ ...scenarioReport().invariants[0], verdict: 'violated' }] as typeof failing.invariants
    const violations = ['duplicated:refund', 'missing:refund'].map((signature) => violation({ signature }))
    const { testcase, failures } = suite({ ...failing, invariants: rows, violations })
    expect(failures).toBe('2')
    expect(testcase.map(({ name }) => name)).toEqual([
      'works without faults',
      'effects-exactly-once (duplicated:refund)',
      'effects-exactly-once (missing:refund)',
    ])
  })

  it("names the file and the line of the agent's own call", () => {
    const rows = [{ ...scenarioReport().invariants[0], verdict: 'violated' }] as typeof failing.invariants
    const [found] = failing.violations
    if (!found) throw new Error('no violation')
    const places = [{ event: found.evidence[0] ?? 0, where: 'src/refund.ts:41' }]
    const placed = violation({ environment: { ...found.environment, places } })
    const { testcase } = suite({ ...failing, invariants: rows, violations: [placed] })
    expect(testcase).toMatchObject([{}, { name: 'effects-exactly-once', file: 'src/refund.ts', line: '41' }])
    expect(testcase[0]).not.toHaveProperty('file')
  })

  it('takes what did not repeat for an error, not for a failure', () => {
    const rows = [
      { ...scenarioReport().invariants[0], name: 'terminates', verdict: 'violated' },
    ] as typeof failing.invariants
    const flaky = failing.violations.filter(({ status }) => status === 'flaky')
    const { testcase } = suite({ ...failing, verdict: 'inconclusive', invariants: rows, violations: flaky })
    expect(testcase.map(({ name, failure, error }) => [name, failure !== undefined, error !== undefined])).toEqual([
      ['works without faults', false, false],
      ['terminates', false, true],
    ])
  })

  it('is red where a scenario did not pass, though none of its invariants says why', () => {
    expect(suite(undecided).testcase.at(-1)).toMatchObject({ name: 'verdict', error: { message: undecided.because } })
  })

  it('is neither red nor green for a part of a run: that shows at the merge', () => {
    const measure = measureReport({ gate: { ...measureReport().gate, verdict: 'pending', because: 'at the merge' } })
    const { testcase, failures, errors } = suite({ verdict: 'pending', because: 'no violation', measure })
    expect([failures, errors]).toEqual(['0', '0'])
    expect(testcase.slice(-2)).toMatchObject([
      { name: 'reliability', skipped: 'at the merge' },
      { name: 'verdict', skipped: 'no violation' },
    ])
  })

  it('is red for a canary that was not caught, and green for one that was', () => {
    expect(suite(missedCanary).testcase).toMatchObject([{ name: 'catches terminates', failure: {} }])
    expect(suite({ canary: 'terminates' }).testcase).toEqual([
      { name: 'catches terminates', classname: 'refund-order' },
    ])
  })

  it('holds control characters, halves of pairs and a megabyte, and stays XML', () => {
    const hostile = `]]><!-- <a b='c'> & \u0000\u001b[31m\ud800\uffff\u202e ${'x'.repeat(1_000_000)}`
    const xml = junit(report({ scenarios: [scenarioReport({ name: hostile, verdict: 'violated', because: hostile })] }))
    const [only] = read(xml).testsuite
    expect(only?.name).toContain("]]><!-- <a b='c'> & ")
    expect(xml.length).toBeLessThan(200_000)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may stand in XML
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/)
  })

  it('is the same for the same report', () => {
    expect(junit(fullReport)).toBe(junit(structuredClone(fullReport)))
  })
})
