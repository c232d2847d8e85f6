/** The report for programs: valid by its own published schema, stable, and small however many trials it holds. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportJsonSchema, reportSchema } from '../../harness/contracts/report/report.js'
import { measureRows } from '../../harness/measure/measure.js'
import { json } from '../../reports/index.js'
import { printJson } from '../../reports/json.js'
import { fullReport, report, scenarioReport } from '../fixtures/cli/report.js'
import { rowWith, spending, times } from '../support/measure/samples.js'

const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema() as object)

describe('json', () => {
  it('is valid by the published JSON Schema', () => {
    expect(validate(JSON.parse(json(fullReport))) || validate.errors).toBe(true)
  })

  it('reads back as the same report', () => {
    expect(reportSchema.parse(JSON.parse(json(fullReport)))).toEqual(fullReport)
  })

  it('is indented and ends with one line break', () => {
    const text = json(fullReport)

    expect(text.startsWith('{\n  "format": "agent-chaos/report"')).toBe(true)
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('says of any value what JSON says of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(printJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(printJson({ given: 1, left: undefined, items: [{}, undefined] })).toBe(
      '{\n  "given": 1,\n  "items": [\n    {},\n    null\n  ]\n}',
    )
  })

  it('takes well under 100 kB for a thousand measured trials', () => {
    const rows = times(1000, (index) => ({
      ...rowWith({ spend: spending({ inputTokens: 14_321, outputTokens: 2_345, usd: 0.123_456, seconds: 123.456 }) }),
      number: index + 1,
      seed: 8_523_108_934_526_987 + index,
      outcome: index % 9 === 0 ? ('honestFailure' as const) : ('success' as const),
    }))
    const settled = { trialsMax: 2000, pricesAsOf: {} }
    const { sample } = measureRows({ reliability: 0.95 }, rows, settled)
    expect(printJson(sample).length).toBeLessThan(80_000)
    const whole = report({
      scenarios: [scenarioReport({ measure: measureRows({ reliability: 0.95 }, rows, settled) })],
    })
    expect(json(whole).length).toBeLessThan(90_000)
    expect(validate(JSON.parse(json(whole))) || validate.errors).toBe(true)
  })
})
