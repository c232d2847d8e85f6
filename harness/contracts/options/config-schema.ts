/**
 * The JSON Schema of a configuration in JSON, so that an editor completes and checks it. What only code can hand over, as
 * providers are, stands in no JSON.
 */
import { configNames, defaultOf, rowOf, sentence } from './derived.js'
import type { Kind } from './kind.js'
import { cores } from './row.js'

type Schema = Readonly<Record<string, unknown>>

export function configJsonSchema(): Schema {
  const names = configNames().filter((name) => name !== 'providers')
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of agent-chaos',
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      ...Object.fromEntries(names.map((name) => [name, propertyOf(name)])),
    },
    additionalProperties: false,
  }
}

function propertyOf(name: ReturnType<typeof configNames>[number]): Schema {
  const { value, summary, default: general } = rowOf(name)
  const settled = general === cores ? undefined : defaultOf(name, 'run', 1)
  return { ...shapeOf(value), description: sentence(summary), ...(settled !== undefined && { default: settled }) }
}

function shapeOf({ form, words, range, each }: Kind<unknown>): Schema {
  const within = range && { minimum: range.least, maximum: range.most }
  switch (form) {
    case 'flag':
      return { type: 'boolean' }
    case 'text':
      return { type: 'string' }
    case 'texts':
      return { type: 'array', items: { type: 'string', minLength: 1 } }
    case 'word':
      return { enum: words }
    case 'whole':
      return { type: 'integer', ...within }
    case 'number':
      return { type: 'number', ...within }
    case 'numbers':
      return { type: 'array', items: each ? shapeOf(each) : { type: 'number' } }
    case 'shard':
    case 'object':
      return { type: 'object' }
  }
}
