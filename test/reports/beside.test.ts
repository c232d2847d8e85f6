/** A violation with all that stands beside it: console, places, keys, what followed of it, and one that is known. */
import { describe, expect, it } from 'vitest'
import type { ViolationReport } from '../../harness/contracts/report/report.js'
import { columnsOf } from '../../reports/drawing/text.js'
import { github, html, junit, markdown, terminal } from '../../reports/index.js'
import { report, scenarioReport, violation } from '../fixtures/cli/report.js'
import { events } from '../fixtures/cli/trace.js'
import { textOf } from '../fixtures/reports/elements.js'

const line = (at: number, after: number, text: string) => ({ at, after, stream: 'stdout', text }) as const
const [first, second] = ['refund-42-attempt-1-of-0a1b2c3d4e5f', 'refund-42-attempt-2-of-0a1b2c3d4e5f']

const keyed = events.map((event, index) =>
  event.kind === 'effect' ? { ...event, key: index === 5 ? first : second } : event,
)

const cause: ViolationReport = violation({
  signature: 'duplicated:refund',
  story: 'refund was called again after its answer was lost, under another key. "refund 42" took effect 2 times.',
  needsEach: true,
  enough: 'tool:refund#2 = tool/unavailable',
  events: keyed,
  environment: {
    command: "npx agent-chaos replay scenarios/refund.chaos.ts --seed 7 --plan 'tool:refund#1=tool/reply-lost'",
    console: {
      lines: [
        line(0, 0, 'refunding order 42'),
        { ...line(11_000, 10, 'again: ETIMEDOUT'), stream: 'stderr' },
        line(11_000, 15, '{"level":30,"msg":"done"}'),
      ],
      omitted: 0,
    },
    places: keyed.flatMap((event, index) =>
      event.kind === 'call' ? [{ event: index, where: `src/agents/refund/pay.ts:${20 + index}` }] : [],
    ),
  },
})

const outcome = violation({
  invariant: 'no-invented-success',
  signature: 'invented',
  story: 'The agent claimed success, and the goal was not reached.',
  gravity: 'safety',
  follows: { invariant: cause.invariant, signature: cause.signature },
})

const known = violation({ invariant: 'terminates', signature: 'deadlock', story: 'It never ended.', known: true })

const whole = report({
  verdict: 'violated',
  exitCode: 1,
  scenarios: [
    scenarioReport({
      verdict: 'violated',
      because: 'violated: effects-exactly-once, no-invented-success',
      invariants: [cause, outcome, known].map(({ invariant }) => ({
        name: invariant,
        kind: 'safety',
        verdict: 'violated',
        trials: { held: 400, violated: 3, vacuous: 0, inconclusive: 0 },
      })),
      violations: [cause, outcome, known],
    }),
  ],
})

describe('what stands beside a violation', () => {
  it.each([60, 80, 140])('is told in a terminal of %i columns, in short and at length', async (width) => {
    const texts = [false, true].map((verbose) => terminal(whole, { width, color: false, unicode: true, verbose }))
    const tooLong = texts
      .flatMap((text) => text.split('\n'))
      .filter((text) => columnsOf(text) > width && !text.startsWith('npx agent-chaos replay '))
    expect(tooLong).toEqual([])
    await expect(texts.join('\n')).toMatchFileSnapshot(`terminal/snapshots/beside-${width}.txt`)
  })

  it('is told on the page', async () => {
    const page = html(whole)
    const cards = [...page.matchAll(/<section class="violation .*?<\/section>/gs)].map(([card]) => textOf(card))
    expect(cards).toHaveLength(3)
    await expect(`${cards.join('\n\n').replace(/ {2,}/g, ' ')}\n`).toMatchFileSnapshot('html/snapshots/beside.txt')
  })

  it('is where GitHub marks the line, of what is not known', () => {
    const marks = github(whole).trimEnd().split('\n')
    expect(marks).toHaveLength(2)
    expect(marks[0]).toContain('::error file=src/agents/refund/pay.ts,line=')
    expect(marks[1]).toContain('::error file=scenarios/refund.chaos.ts,')
  })

  it('is one in number and words wherever it is told', () => {
    const cases = junit(whole)
    expect(cases).toContain('failures="2"')
    const texts = [cases.replaceAll('&quot;', '"'), github(whole), markdown(whole)]
    for (const text of [...texts, textOf(html(whole))]) {
      expect(text).toContain('refund was called again after its answer was lost, under another key.')
      expect(text).toContain('src/agents/refund/pay.ts:')
    }
    for (const text of [...texts.slice(0, 1), ...texts.slice(2)])
      for (const key of [first, second]) expect(text).toContain(key)
  })
})
