/**
 * Tools as a request describes them. Vendors put the same facts in different places. So a tool is looked for by what it
 * is: a record with a name. This file knows no vendor.
 */
import type { Json } from '../../faults/json.js'
import { isRecord } from './checks.js'

type Fields = Readonly<Record<string, Json>>

/** The record that describes the tool of that name; `undefined` where it is not on offer. */
export function toolDescribed(tools: Json, name: string): Fields | undefined {
  return recordIn(tools, (record) => record.name === name)
}

/** What the schema of one tool's input says of its fields. */
export interface InputSchema {
  /** Fields that must be there; `undefined` where no schema is given. */
  readonly required: readonly string[] | undefined
}

/** Of the tool of that name. */
export function inputSchemaOf(tools: Json, name: string): InputSchema {
  const tool = toolDescribed(tools, name)
  const schema = tool && recordIn(tool, (record) => isRecord(record.properties))
  if (!schema) return { required: undefined }
  const { required } = schema
  return { required: Array.isArray(required) ? required.filter((field) => typeof field === 'string') : [] }
}

/** The first record for which it holds, outer ones first. */
function recordIn(value: Json, holds: (record: Fields) => boolean): Fields | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (isRecord(value) && holds(value as Fields)) return value as Fields
  for (const inner of Object.values(value) as readonly Json[]) {
    const found = recordIn(inner, holds)
    if (found) return found
  }
  return undefined
}
