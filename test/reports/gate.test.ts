/** Proves that every reporter tells the three answers of a gate by the same words, and gives each its own colour. */
import { describe, expect, it } from 'vitest'
import { conclude } from '../../harness/campaign/conclusion.js'
import { exitCodeOf, runVerdict } from '../../harness/campaign/verdict.js'
import { reportSchema } from '../../harness/contracts/report/report.js'
import { github, html, json, junit, markdown, terminal } from '../../reports/index.js'
import { measureReport, missedReliability, undecidedReliability } from '../fixtures/cli/measure.js'
import { report, scenarioReport } from '../fixtures/cli/report.js'

const searched = { verdict: 'passed', because: 'no violation in 400 trials with faults' } as const

const answers = [
  ['met', measureReport(), 'passed', 0, 'good'],
  ['missed', missedReliability, 'violated', 1, 'bad'],
  ['not shown', undecidedReliability, 'inconclusive', 3, 'unsure'],
] as const

describe.each(answers)('a reliability that is %s', (words, measure, verdict, exitCode, look) => {
  const scenario = scenarioReport({ searched, measure, ...conclude(searched, measure, []) })
  const run = runVerdict([scenario], [], false)
  const whole = report({ scenarios: [scenario], verdict: run, exitCode: exitCodeOf(run) })
  const isMet = words === 'met'
  const plain = (text: string) => text.replaceAll('<!-- -->', '').replaceAll('&#45;', '-')

  it(`exits with ${exitCode}`, () => {
    expect([scenario.verdict, whole.exitCode]).toEqual([verdict, exitCode])
  })

  it('is told by that in text and in Markdown', () => {
    expect(terminal(whole, { width: 200, color: false, unicode: true })).toContain(
      `at least 0.95: ${words}, 181 trials`,
    )
    expect(plain(markdown(whole))).toContain(`at least 0.95: ${words}`)
    if (!isMet) expect(plain(markdown(whole))).toContain(`| reliability ${words} |`)
  })

  it(`is told by that in HTML, and looks ${look}`, () => {
    const page = html(whole)
    expect(page).toContain(`0.95 is asked for: ${words}</p>`)
    expect(page).toContain(`<p class="estimate"><strong class="${look}">`)
  })

  it('is told by that in JUnit and at the scenario on GitHub, where it is not met', () => {
    const kind = { met: undefined, missed: 'failure', 'not shown': 'error' }[words]
    const tags = [...junit(whole).matchAll(/<(failure|error) type="reliability" message="(missed|not shown): /g)]
    expect(tags.map(([, tag, said]) => [tag, said])).toEqual(kind === undefined ? [] : [[kind, words]])
    expect(github(whole).includes(`${words}: ${measure.gate.because.slice(0, 40)}`)).toBe(!isMet)
  })

  it('stands in the JSON, which fits its schema', () => {
    const read = reportSchema.parse(JSON.parse(json(whole)))
    expect(read.scenarios[0]?.measure?.gate.verdict).toBe(words.replace(' ', '-'))
  })
})
