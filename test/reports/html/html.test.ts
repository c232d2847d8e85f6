/** The page as a whole: what it says, how large it is, and that nothing in a report can become markup. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Report, ViolationReport } from '../../../harness/contracts/report/report.js'
import type { TraceEvent } from '../../../harness/contracts/trace.js'
import { html } from '../../../reports/index.js'
import { report, scenarioReport, violation } from '../../fixtures/cli/report.js'
import { events } from '../../fixtures/cli/trace.js'
import { attacks, hostile } from '../../fixtures/reports/attacks.js'
import { elementsOf, textOf } from '../../fixtures/reports/elements.js'
import { everything } from '../../fixtures/reports/everything.js'

const page = html(everything)

describe('the page', () => {
  it('is the same for the same report', () => {
    expect(html(structuredClone(everything))).toBe(page)
  })

  it('leads with the verdict and what it rests on', () => {
    const top = textOf(page.slice(page.indexOf('<body>'), page.indexOf('<main')))

    expect(top).toContain('Violated')
    expect(top).toContain('1 file could not be run; 4 scenarios did not pass.')
    expect(top).toContain('effects-exactly-once The refund of order 42 was applied twice')
    expect(top).toContain('goal: expected a function, got undefined')
  })

  it.each([
    [report(), 'Passed', 'No fault that was tried broke an agent.'],
    [report({ verdict: 'interrupted', interrupted: true }), 'Interrupted', 'It was stopped before its end.'],
    [report({ verdict: 'inconclusive', scenarios: [] }), 'Inconclusive', 'Nothing was run.'],
  ])('has a verdict and a reason for every run', (run, verdict, because) => {
    expect(textOf(html(run))).toContain(`${verdict} ${because}`)
  })

  it('tells each violation as story, plan and command, in full', () => {
    const text = textOf(page)

    for (const { violations } of everything.scenarios) {
      for (const { story, trial, environment } of violations) {
        expect(text).toContain(story)
        expect(text).toContain(trial.plan === '' ? 'none: it happens without any' : trial.plan)
        expect(text).toContain(environment.command)
      }
    }
  })

  it('leads from every link to a place that is there once', () => {
    const elements = elementsOf(page)
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? [])
    const links = elements.flatMap(({ attributes }) => attributes.href ?? []).filter((href) => href.startsWith('#'))

    expect(new Set(ids).size).toBe(ids.length)
    expect(links.filter((link) => !ids.includes(link.slice(1)))).toEqual([])
  })

  it('calls a violation by names alone, so that a link to it outlives the run', () => {
    const again = html({ ...everything, seed: 99, scenarios: everything.scenarios.toReversed() })
    const anchor = 'id="violation-refund-naive.effects-exactly-once.applied-twice"'

    expect(page).toContain(anchor)
    expect(again).toContain(anchor)
  })

  it('keeps apart scenarios whose names differ in signs alone', () => {
    const reportNamed = (name: string) => scenarioReport({ name })
    const ids = elementsOf(
      html(report({ scenarios: [reportNamed('a b'), reportNamed('a-b'), reportNamed('A b'), reportNamed('é')] })),
    ).flatMap(({ tag, attributes }) => (tag === 'article' ? [attributes.id] : []))

    expect(new Set(ids).size).toBe(4)
  })

  it('shows a request to the model without what was sent before', () => {
    const text = textOf(page)

    expect(text).toContain('1 earlier message as before')
    expect(text).toContain('failed: ETIMEDOUT: no answer')
  })

  it('lays the trial beside the one without faults', () => {
    const table = /<table class="compare">[\s\S]*?<\/table>/.exec(page)?.[0] ?? ''

    expect(table).toMatch(/<tr class="added"><td class="none">.*tool\/reply-lost/)
    expect(table).toContain('<tr class="same">')
  })

  it('marks in the heat map where the fault took effect, and leads to what it broke', () => {
    const cells = page.match(/<td class="cell [^>]*>/g) ?? []

    expect(
      cells.some(
        (cell) => cell.includes('landed-') && cell.includes('planned in 9 trials, reached in 9, took effect in 9'),
      ),
    ).toBe(true)
    expect(cells.some((cell) => cell.includes('"cell missed"'))).toBe(true)
    expect(page).toMatch(/broke" title="tool\/reply-lost at tool:refund[^>]*><a href="#violation-refund-naive\./)
  })

  it('names events that only a later version knows', () => {
    const later = JSON.parse('[{"at":0,"kind":"from-a-later-version"}]') as TraceEvent[]
    const scenarios = [
      scenarioReport({ violations: [violation({ events: later, evidence: [0] })], baselineEvents: later }),
    ]

    expect(textOf(html(report({ scenarios })))).toContain('0.000 from-a-later-version')
  })

  it('lets no script run but its own, and nothing be loaded', () => {
    const policy = elementsOf(page).find(({ attributes }) => attributes['http-equiv'])?.attributes.content ?? ''
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')

    expect(policy).toContain('default-src &#39;none&#39;')
    expect(policy).toContain(`script-src &#39;sha256-${hash}&#39;`)
    expect(page).not.toMatch(/(src|href)="(?!#|data:,)/)
  })
})

describe('nothing hostile becomes markup', () => {
  const namesOf = (text: string) => {
    const elements = elementsOf(text)
    return {
      tags: new Set(elements.map(({ tag }) => tag)),
      attributes: new Set(elements.flatMap(({ attributes }) => Object.keys(attributes))),
    }
  }
  const honest = namesOf(page)

  it.each(Object.entries(attacks))('what %s', (_what, attack) => {
    const attacked = html(hostile(everything, attack))
    const { tags, attributes } = namesOf(attacked)

    expect([...tags].filter((name) => !honest.tags.has(name))).toEqual([])
    expect([...attributes].filter((name) => !honest.attributes.has(name))).toEqual([])
    expect(attacked.match(/<script/g)).toHaveLength(1)
    expect(attacked).not.toMatch(/(?![\n\t])\p{Cc}|[\u200b\u2028-\u202e\u2066-\u2069\ufeff]/u)
    expect(Buffer.byteLength(attacked)).toBeLessThan(1_000 * everything.totals.trials)
  })

  it('shows it to be read', () => {
    const attack = attacks['runs a script'] ?? ''

    expect(textOf(html(hostile(everything, attack)))).toContain(attack)
  })
})

describe('the size', () => {
  const part = { digest: '' }
  const request = (turn: number) => ({
    kind: 'model' as const,
    provider: 'made',
    api: 'made',
    model: 'm',
    stream: false,
    since: null,
    before: turn,
    messages: [{ role: 'user' as const, blocks: [{ kind: 'text' as const, text: `<${turn}> `.repeat(50) }] }],
    system: part,
    tools: part,
    settings: part,
    wire: '',
  })

  const long = (count: number): TraceEvent[] =>
    Array.from({ length: count }, (_, index): TraceEvent[] => [
      {
        at: index,
        kind: 'call',
        crossing: index,
        parent: null,
        site: { boundary: 'model', target: 'm' },
        occurrence: index + 1,
        attempt: 1,
        request: request(index),
        identity: String(index),
        traits: [],
      },
      { at: index, kind: 'return', crossing: index, outcome: { kind: 'ok', output: '"'.repeat(5000) } },
    ]).flat()

  const violationsOf = (count: number, trace: TraceEvent[]): ViolationReport[] =>
    Array.from({ length: count }, (_, index) =>
      violation({ signature: `kind-${index}`, events: trace, evidence: [trace.length - 1] }),
    )

  it.each([
    ['a loop of a thousand calls', 1, 1000],
    ['many violations', 60, 30],
    ['many violations in long trials', 60, 200],
  ])('is under a megabyte for a thousand trials: %s', (_what, violations, calls) => {
    const trace = long(calls)
    const scenarios = [
      scenarioReport({ verdict: 'violated', violations: violationsOf(violations, trace), baselineEvents: trace }),
    ]
    const run: Report = { ...report({ scenarios }), totals: { scenarios: 1, passed: 0, trials: 1000, violations } }

    expect(Buffer.byteLength(html(run))).toBeLessThan(1_000_000)
  })

  it('leaves nothing out of a short trial', () => {
    const text = textOf(page)

    expect(text).not.toMatch(/(characters|events?|rows?) left out/)
    expect(text).toContain(`${events.length} events in words`)
  })
})
