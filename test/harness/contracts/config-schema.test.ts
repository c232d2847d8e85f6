/** Proves that the schema of a configuration says what the command takes, and refuses what it refuses. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { configJsonSchema } from '../../../harness/contracts/options/config-schema.js'
import { configNames, rowOf } from '../../../harness/contracts/options/derived.js'

const schema = configJsonSchema()
const validate = new Ajv2020({ strict: true }).compile(schema)
const properties = schema.properties as Readonly<Record<string, { readonly default?: unknown }>>

const probes: readonly unknown[] = [
  true,
  '',
  'x',
  'swarm',
  'fixed',
  0,
  1,
  2,
  0.5,
  -1,
  1e12,
  null,
  [],
  [0.5],
  ['x'],
  [''],
  {},
]

describe('the schema of a configuration', () => {
  it('has every option that JSON can say, with a default that it takes itself', () => {
    expect(Object.keys(properties)).toEqual(['$schema', ...configNames().filter((name) => name !== 'providers')])
    for (const [name, { default: settled }] of Object.entries(properties)) {
      if (settled !== undefined) expect([name, validate({ [name]: settled })]).toEqual([name, true])
    }
  })

  it.each(configNames().filter((name) => name !== 'providers'))('takes of %s what the option takes', (name) => {
    for (const value of probes) {
      expect([value, validate({ [name]: value })]).toEqual([value, rowOf(name).value.fits(value)])
    }
  })

  it('knows no other option', () => {
    expect(validate({ seeed: 1 })).toBe(false)
  })
})
