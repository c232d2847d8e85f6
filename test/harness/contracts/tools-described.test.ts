/** That the schema of a tool is found by what it is, and not by where a vendor puts it. */
import { expect, it } from 'vitest'
import { inputSchemaOf } from '../../../harness/contracts/tools-described.js'

const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }

it('is that of the tool with the name, whatever its fields are called', () => {
  const tools = [
    { name: 'other', input_schema: { properties: {}, required: ['x'] } },
    { name: 'refund', input_schema: schema },
  ]
  expect(inputSchemaOf(tools, 'refund')).toEqual({ required: ['name'] })
})

it('has no field that must be there, where the schema names none', () => {
  expect(inputSchemaOf([{ name: 'refund', parameters: { properties: {} } }], 'refund')).toEqual({ required: [] })
})

it.each([
  ['no such tool', []],
  ['no schema', [{ name: 'refund' }]],
  ['free text', [{ name: 'refund', format: { type: 'text' } }]],
])('is unknown where there is %s', (_, tools) => {
  expect(inputSchemaOf(tools, 'refund')).toEqual({ required: undefined })
})
