/** Proves that a comment tells the verdict and why, fits into a comment, and does nothing else. */
import { describe, expect, it } from 'vitest'
import { markdown } from '../../../reports/index.js'
import { measureReport, sweptReliability } from '../../fixtures/cli/measure.js'
import { failing, fullReport, missedCanary, report, scenarioReport, violation } from '../../fixtures/cli/report.js'

const readable = (text: string) =>
  text.replaceAll('<!-- -->', '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

describe('a comment', () => {
  it('is found again by its first line, and begins with the verdict', () => {
    const [mark, , title, , sums] = markdown(fullReport).split('\n')
    expect(mark).toBe('<!-- agent-chaos -->')
    expect(title).toBe('### ❌ agent-chaos: violated, 2 of 6 scenarios passed')
    expect(sums).toBe(
      '1046 trials · 3 violations · 1 file could not be run · seed 7 · agent-chaos 0.1.0 on Node v20.20.2',
    )
  })

  it('says in its title that a canary was not caught, and "violated" where anything else is red', () => {
    const titleOf = (...scenarios: (typeof failing)[]) =>
      markdown(report({ verdict: 'violated', scenarios })).split('\n')[2]
    expect(titleOf(missedCanary)).toBe('### ❌ agent-chaos: a canary was not caught, 0 of 1 scenario passed')
    expect(titleOf(missedCanary, missedCanary)).toContain('2 canaries were not caught, 0 of 2 scenarios passed')
    expect(titleOf(missedCanary, failing)).toContain('agent-chaos: violated, 0 of 2 scenarios passed')
  })

  it('has a row for each scenario, and counts the canaries that were caught', () => {
    const text = readable(markdown(fullReport))
    expect(text).toContain('| ✅ | refund-order | passed |  | 412 | 0 |')
    expect(text).toContain('| ❌ | quiet-canary | not caught: terminates |  | 57 | 0 |')
    expect(text).not.toContain('charge-twice')
    expect(text).toContain('✅ 1 canary caught')
  })

  it('tells a reliability by what holds whatever ended its sample, and a part of a run as one that waits', () => {
    const { gate, reliability } = sweptReliability
    const row = (scenario: Parameters<typeof scenarioReport>[0]) =>
      readable(markdown(report({ scenarios: [scenarioReport(scenario)] })))
    expect(row({ measure: measureReport() })).toContain('0.989 (0.961 to 0.997), at least 0.95: met')
    expect(row({ measure: measureReport({ gate, reliability }) })).toContain(
      '0.989 (0.942 to 0.999), at least 0.95: met',
    )
    expect(row({ verdict: 'pending' })).toContain('| ⏳ | refund-order | pending the merge |')
  })

  it('unfolds to the story, the plan and the command of a violation', () => {
    const text = markdown(report({ verdict: 'violated', scenarios: [failing] }))
    expect(text).toContain('<details><summary><b>refund-naive broke effects-exactly-once</b>: The refund of order 42')
    expect(text).toContain('```text\n✖ refund-naive broke effects-exactly-once\n')
    expect(text).toContain(`\n${violation().environment.command}\n`)
  })

  it('says why a scenario did not pass that has no violation to show, and which file could not be run', () => {
    const text = readable(markdown(fullReport))
    expect(text).toContain('**broken-agent**, works without faults: without any fault the goal was not reached')
    expect(text).toContain('❌ scenarios/empty.chaos.ts: scenarios/empty.chaos.ts:3: goal: expected a function')
  })

  it('fits into a comment, whatever was found, and counts what it leaves out', () => {
    const violations = Array.from({ length: 400 }, (_, index) => violation({ signature: `s${index}` }))
    const text = markdown(report({ scenarios: [{ ...failing, violations }] }))
    expect(text.length).toBeLessThan(65_536)
    const shown = text.match(/<details>/g)?.length ?? 0
    expect(text).toContain(`…and ${400 - shown} findings more, in the report itself.`)
  })
})

describe('what an agent wrote', () => {
  const commentOn = (written: string) =>
    markdown(
      report({
        scenarios: [
          scenarioReport({
            name: written,
            verdict: 'violated',
            because: written,
            violations: [violation({ story: written })],
          }),
        ],
      }),
    )

  it.each([
    ['a mention', '@everyone', '@everyone'],
    ['a reference', '#1 GH-1 a/b#2', '#1'],
    ['an address', 'https://evil.example www.evil.example', '://'],
    ['an address without a scheme', 'www.evil.example', 'www.'],
    ['markup', '<img src=x onerror=alert(1)>', '<img'],
    ['a table', '| a | b', '| a | b'],
    ['a link', '[x](javascript:alert(1))', '](javascript'],
    ['a heading', '\n# heading', '\n# heading'],
    ['an end of the details', '</details>', 'x</details>'],
  ])('is text: %s', (_, written, harmful) => {
    const [before = ''] = commentOn(`x${written}`).split('```')
    expect(before).not.toContain(harmful)
  })

  it('cannot leave the fence that it stands in', () => {
    const text = commentOn('```\n````\n# out')
    const fence = /^(`+)text$/m.exec(text)?.[1] ?? ''
    expect(fence.length).toBe(5)
    expect(text.split('\n').filter((line) => line === fence)).toHaveLength(1)
  })
})
