/** Laws that keep wires inside of providers: whoever adds a vendor changes nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Everything of ours but the providers; scenarios are users' code, which talks to a vendor's SDK. */
const sources = ['faults', 'harness', 'reports'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('harness/providers/')),
)

const words = [
  'tool_use',
  'tool_result',
  'tool_call_id',
  'function_call',
  'is_error',
  'stop_reason',
  'finish_reason',
  'end_turn',
  'content_block',
  'partial_json',
  'input_schema',
  'max_tokens',
  'system_fingerprint',
  'thread_not_found',
]

/** Where such a word means something else, and what. */
const exempt: Readonly<Record<string, string>> = {
  'harness/contracts/tool-error.ts is_error': 'a field that tools set in what they return',
  'harness/boundaries/tool/shapes.ts input_schema': 'a field by which an object is known as a tool',
}

describe('a wire word', () => {
  it.each(words)('%s stands in no file outside of the providers', (word) => {
    const holding = sources.filter((file) => readFileSync(join(root, file), 'utf8').includes(word))
    expect(holding.filter((file) => !Object.hasOwn(exempt, `${file} ${word}`))).toEqual([])
  })

  it('that is let through still stands where it is let through', () => {
    const stale = Object.keys(exempt).filter((each) => {
      const [file = '', word = ''] = each.split(' ')
      return !readFileSync(join(root, file), 'utf8').includes(word)
    })
    expect(stale).toEqual([])
  })
})

describe('what a trace holds', () => {
  it('is not parsed by any invariant or report', () => {
    const parsing =
      /JSON\.parse\([^)]*\b(?:call|event|outcome|request|result|reply)\.(?:input|output|request|identity)\b/
    const judging = sources.filter((file) => /^(harness\/invariants|reports)\//.test(file))
    expect(judging.filter((file) => parsing.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('is compared by identities, and by no other part of a request', () => {
    const comparing = /\bcall\.request\b\s*===|JSON\.stringify\((?:\w+\.)*call\.request\)/
    const judging = sources.filter((file) => /^harness\/(invariants|trial)\//.test(file))
    expect(judging.filter((file) => comparing.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })
})
