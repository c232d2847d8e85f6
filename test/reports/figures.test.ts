/** Numbers agree: rows sum up to the total below them, and no reporter counts otherwise than the others. */
import { describe, expect, it } from 'vitest'
import { trialsOf } from '../../harness/contracts/report/trials.js'
import { html, markdown, terminal } from '../../reports/index.js'
import { measureReport } from '../fixtures/cli/measure.js'
import { failing, passing, report, undecided } from '../fixtures/cli/report.js'

const scenarios = [passing, failing, { ...undecided, name: 'measured', measure: measureReport() }]
const run = report({ verdict: 'violated', scenarios })
const figuresIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, figure]) => Number(figure))
const own = scenarios.map(trialsOf)

describe('the trials of each scenario', () => {
  it('sum up to those of the run', () => {
    expect(own.reduce((sum, trials) => sum + trials, 0)).toBe(run.totals.trials)
    expect(new Set(own).size).toBe(own.length)
  })

  it.each([
    ['terminal', terminal(run, { width: 120, color: false, unicode: true }), /^[✔✖?] .* (\d+) +\d+$/gm],
    ['Markdown', markdown(run), /^\| .* \| (\d+) \| \d+ \|$/gm],
    ['page', html(run), /<td class="wide">(?:(?!<\/td>).)*<\/td><td class="figure">(\d+)<\/td>/g],
  ])('are the same in the %s', (_name, text, pattern) => {
    expect(figuresIn(text, pattern).sort()).toEqual([...own].sort())
  })
})
