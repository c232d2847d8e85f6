import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const jiti = path('../../../node_modules/jiti/lib/jiti-cli.mjs')

test('time stands still while real work of any kind is in flight, and runs free in between', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [jiti, path('../../fixtures/world/real-work.ts')])
  const [first, ...trials] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(first).toEqual({ drains: true })
  expect(trials.map(({ name }) => name)).toContain('http, keep-alive')
  expect(trials).toHaveLength(17)
  for (const { name, before, ...trial } of trials) {
    expect({ name, ...trial }).toEqual({
      name,
      end: { kind: 'settled' },
      early: [],
      elapsedMs: 0,
      laterMs: 600_000,
      after: before,
    })
    expect(before, name).toBeTruthy()
  }
})
