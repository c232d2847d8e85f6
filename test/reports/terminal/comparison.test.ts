/** A comparison for people: exact at three widths, within the width, and nothing told that did not change. */
import { describe, expect, it } from 'vitest'
import { compareReports } from '../../../harness/campaign/compare.js'
import { columnsOf } from '../../../reports/drawing/text.js'
import { comparison, comparisonMarkdown } from '../../../reports/index.js'
import { base, head, measureOf, run } from '../../fixtures/cli/compared.js'
import { scenarioReport, violation } from '../../fixtures/cli/report.js'

const plain = { width: 80, color: false, unicode: true }
const escapeCharacter = String.fromCharCode(27)
const everything = compareReports(base, head)
const nothing = compareReports(base, { ...base, file: 'head.json' })

describe('a comparison', () => {
  it.each([60, 80, 140])('is drawn at %i columns', async (width) => {
    await expect(comparison(everything, { ...plain, width })).toMatchFileSnapshot(`snapshots/comparison-${width}.txt`)
  })

  it('is drawn without Unicode', async () => {
    const text = comparison(everything, { ...plain, unicode: false })
    expect(text).toMatch(/^[\n -~]*$/)
    await expect(text).toMatchFileSnapshot('snapshots/comparison-ascii.txt')
  })

  it.each([60, 80, 140])('keeps every line but the commands within %i columns', (width) => {
    for (const unicode of [true, false]) {
      const lines = comparison(everything, { ...plain, width, unicode }).split('\n')
      expect(lines.filter((line) => columnsOf(line) > width && !line.startsWith('npx '))).toEqual([])
    }
  })

  it('says the same with colour as without', () => {
    const colored = comparison(everything, { ...plain, color: true })
    expect(colored).toContain(escapeCharacter)
    const uncolored = colored.replace(new RegExp(`${escapeCharacter}\\[\\d+m`, 'g'), '')
    expect(uncolored).toBe(comparison(everything, plain))
  })

  it('says in its last lines what it comes to', () => {
    expect(
      comparison(everything, { ...plain, width: 200 })
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toBe(
      '✖ regression · 6 scenarios · 1 added · 1 removed · violations: 2 new, 1 fixed, 1 persisting · reliability: 1 worse, 1 better · base.json → head.json',
    )
    expect(comparison(nothing, { ...plain, width: 200 })).toContain(
      '✔ no regression · 5 scenarios · violations: 0 new, 0 fixed, 2 persisting',
    )
  })

  it('tells no more of what did not change than the table does', () => {
    const text = comparison(nothing, plain)
    expect(text).not.toContain('spend')
    expect(text).not.toContain('pairs')
    expect(text).toContain('is violated, as it was before')
  })

  it('tells quietly what got worse, and nothing else', () => {
    const text = comparison(everything, { ...plain, quiet: true })
    expect(text).toContain('refund-order: reliability is worse')
    expect(text).toContain('charge-twice: the canary was not caught')
    for (const word of ['support-desk', 'any more', 'as it was before', 'Notes']) expect(text).not.toContain(word)
  })

  it('says why it is incomplete', () => {
    const { failures } = head.report
    const scenarios = [scenarioReport()]
    const text = comparison(
      compareReports(run('base.json', scenarios), run('head.json', scenarios, { failures })),
      plain,
    )
    expect(text).toContain('? x.chaos.ts could not be run: no default export\n')
    expect(text).toContain('? incomplete')
  })

  it('neutralises control characters of stories and names', () => {
    const hostile = violation({ story: 'cleared \u001b[2J screen', invariant: 'x\u202ey' })
    const text = comparison(
      compareReports(
        run('base.json', [scenarioReport()]),
        run('head.json', [scenarioReport({ violations: [hostile] })]),
      ),
      plain,
    )
    expect(text).toContain('cleared screen')
    expect(text).not.toContain(escapeCharacter)
    expect(text).toContain('xy is violated')
  })

  it('shows an interval where there are no seeds in common', () => {
    const compared = compareReports(
      run('base.json', [scenarioReport({ measure: measureOf({ failing: [1] }) })]),
      run('head.json', [scenarioReport({ measure: measureOf({ failing: [1, 2, 3], seed: 2 }) })]),
    )
    expect(comparison(compared, { ...plain, width: 140 })).toContain(
      'test    no seeds in common · -0.011 (95 %: -0.042 to +0.016) · p = 0.33, level 0.05',
    )
  })
})

describe('a comparison for a comment', () => {
  it('begins with the verdict and its reasons, and holds the rest to unfold', () => {
    const [title, , ...lines] = comparisonMarkdown(everything).split('\n')
    expect(title).toBe('### ❌ compared: a regression')
    expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(everything.because.length)
    const plainText = comparison(everything, { width: 100, color: false, unicode: true }).trimEnd()
    expect(comparisonMarkdown(everything)).toContain(`\`\`\`text\n${plainText}\n\`\`\``)
  })
})
