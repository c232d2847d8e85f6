/** The drawing of reliability against budget, compared with the figures that it is made from. */
import { describe, expect, it } from 'vitest'
import { type CurvePlot, curvePlot } from '../../../reports/html/curve.js'
import { budgetGauge } from '../../../reports/html/gauge.js'
import { measureReport, missedReliability, refusedReliability } from '../../fixtures/cli/measure.js'
import { elementsOf, textOf } from '../../fixtures/reports/elements.js'

const { unit, corner, points, band } = measureReport().curve
const plot = (overrides: Partial<CurvePlot> = {}): CurvePlot => ({
  id: 'curve',
  unit,
  corner,
  lines: [{ label: 'fault rate 0.1', points, band }],
  ...overrides,
})
const draw = (of: CurvePlot) => curvePlot(of)?.markup ?? ''
const marksOf = (markup: string) =>
  elementsOf(markup).flatMap(({ tag, attributes }) =>
    tag === 'circle'
      ? [{ x: Number(attributes.cx), y: Number(attributes.cy), spend: Number(attributes['data-spend']) }]
      : [],
  )

describe('the curve', () => {
  it('has every point that is in view, further right for more spend, and higher for a greater share', () => {
    const marks = marksOf(draw(plot()))

    expect(marks.map(({ spend }) => spend)).toEqual(points.flatMap(({ spend, share }) => (share >= 0.8 ? spend : [])))
    for (const [index, { x, y }] of marks.slice(1).entries()) {
      expect(x).toBeGreaterThan(marks[index]?.x ?? 0)
      expect(y).toBeLessThanOrEqual(marks[index]?.y ?? 0)
    }
  })

  it('passes above and left of the corner where the target is met, and not where it is missed', () => {
    const above = (of: CurvePlot) => {
      const markup = draw(of)
      const cornerPath = /class="corner"><path d="M([\d.]+) ([\d.]+)l/.exec(markup)
      const [x, y] = [Number(cornerPath?.[1]), Number(cornerPath?.[2]) + 7]
      return marksOf(markup).some((mark) => mark.x <= x && mark.y <= y)
    }

    expect(above(plot())).toBe(true)
    expect(above(plot({ ...missedReliability.curve, lines: [{ label: '', ...missedReliability.curve }] }))).toBe(false)
  })

  it('draws one line with its band for each fault rate, each in a shade of its own', () => {
    const lines = [0, 0.05, 0.1].map((rate) => ({ label: `fault rate ${rate}`, points, band }))
    const markup = draw(plot({ lines }))
    const classes = elementsOf(markup).flatMap(({ tag, attributes }) => (tag === 'g' ? [attributes.class] : []))

    expect(classes.filter((name) => name?.startsWith('line '))).toEqual([
      'line shade-1',
      'line shade-4',
      'line shade-6',
    ])
    expect(markup.match(/class="band"/g)).toHaveLength(3)
    for (const { label } of lines) expect(textOf(markup)).toContain(`${label}, 95 % band ± 0.101`)
  })

  it('tells without the drawing what it shows', () => {
    const markup = draw(plot())
    const label = elementsOf(markup).find(({ attributes }) => attributes.role === 'img')?.attributes['aria-label']

    expect(label).toBe(
      'Reliability against usd spent: fault rate 0.1 reaches 0.989; the budget asks for at least 0.95 for 0.25 usd',
    )
    for (const { spend } of points) expect(textOf(markup)).toContain(`${spend} usd`)
  })

  it('says what is asked for where spend has no limit', () => {
    expect(textOf(draw(plot({ corner: { spend: null, share: 0.95 } })))).toContain('at least 0.95')
  })

  it('stays small whatever the number of points', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({
      spend: 1 + index / 10_000,
      share: (index + 1) / 20_000,
    }))

    expect(draw(plot({ lines: [{ label: '', points: many, band }] })).length).toBeLessThan(40_000)
  })

  it('is none where nothing succeeded', () => {
    expect(curvePlot(plot({ lines: [{ label: '', points: [], band: 1 }] }))).toBe(null)
  })
})

describe('the gauge', () => {
  it('fills as much as is consumed, against a mark at all of it', () => {
    const gauge = (measure: Parameters<typeof budgetGauge>[0]) => {
      const elements = elementsOf(budgetGauge(measure)?.markup ?? '')
      const width = (name: string) =>
        Number(elements.find(({ attributes }) => attributes.class === name)?.attributes.width)
      return width('fill') / width('track')
    }

    expect(gauge(measureReport())).toBeCloseTo(0.221, 1)
    expect(gauge(missedReliability)).toBeCloseTo(6.74, 1)
  })

  it('is none where nothing was measured', () => {
    expect(budgetGauge(refusedReliability)).toBe(null)
  })
})
