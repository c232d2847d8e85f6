/** The report for programs: valid by its own published schema, and stable. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { reportJsonSchema, reportSchema } from '../../harness/report.js'
import { json } from '../../reports/index.js'
import { fullReport } from '../fixtures/cli/report.js'

describe('json', () => {
  it('is valid by the published JSON Schema', () => {
    const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema() as object)

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
})
