import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readFailures } from '../../../harness/campaign/remembered.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-kept-'))
afterAll(() => rmSync(folder, { recursive: true }))

const failure = { scenario: 's', invariant: 'i', signature: 'g', plan: 'tool:a#1 = tool/slow', seed: 1 }
const file = { format: 'agent-chaos/failures', version: 1, failures: [failure, failure] }

function read(text: string) {
  const path = join(folder, 'failures.json')
  writeFileSync(path, text)
  return readFailures(path, 'failures.json')
}

describe('a file that a run keeps', () => {
  it('is read, also with a byte order mark, and may not be there', () => {
    expect(read(JSON.stringify(file))).toEqual(file.failures)
    expect(read(`\uFEFF${JSON.stringify(file)}`)).toEqual(file.failures)
    expect(readFailures(join(folder, 'none.json'), 'none.json')).toBeUndefined()
  })

  it.each([
    [{ ...file, format: 'agent-chaos/known' }, 'format: expected "agent-chaos/failures", got "agent-chaos/known"', 2],
    [{ ...file, version: 2 }, 'version: expected 1, got 2', 3],
    [{ ...file, failures: [failure, { ...failure, seed: '1' }] }, 'failures[1].seed: expected number, got string', 17],
    [{ ...file, failures: [{ ...failure, retired: 'gone' }] }, 'failures[0].retired: expected one of', 11],
    [{ ...file, failures: [{ ...failure, plan: undefined }] }, 'failures[0].plan: expected string, got undefined', 5],
    [[], 'expected object, got array', 1],
  ])('is refused with what was expected, what came and the line: %j', (other, message, line) => {
    expect(() => read(JSON.stringify(other, null, 2))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`expected a file of failures: ${message}`),
        where: `failures.json:${line}`,
      }),
    )
  })
})
