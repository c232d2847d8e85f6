/** That a module is compiled once for a source, in this process and in others, and that no other code is taken for it. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TransformOptions, TransformResult } from 'jiti'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const folder = join(tmpdir(), 'agent-chaos-compiled')
let name: string
beforeEach(() => {
  name = `${randomUUID()}.ts`
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const file of filesOf(name)) rmSync(file)
})

const filesOf = (name: string) =>
  readdirSync(folder).flatMap((file) => (file.startsWith(name) ? [join(folder, file)] : []))

/** As another process has it: with nothing in memory. */
async function compileAnew(code: string, more: Partial<TransformOptions> = {}): Promise<string> {
  vi.resetModules()
  return (await compile({ code }, more)).code
}

async function compile(result: TransformResult, more: Partial<TransformOptions> = {}): Promise<TransformResult> {
  const { compileOnce } = await import('../../../../harness/executors/workers/compiled.js')
  return compileOnce({ filename: join('/somewhere', name), source: 'a source', ts: true, ...more }, () => result)
}

it('is kept in memory', async () => {
  await compile({ code: 'first' })
  for (const file of filesOf(name)) rmSync(file)
  expect((await compile({ code: 'second' })).code).toBe('first')
})

it('is kept for other processes', async () => {
  await compileAnew('first')
  expect(await compileAnew('second')).toBe('first')
})

it.each([
  ['another source', { source: 'another source' }],
  ['another treatment of JSX', { jsx: { runtime: 'classic' } as const }],
  ['top-level await', { async: true }],
])('is compiled anew for %s', async (_, more) => {
  await compileAnew('first')
  expect(await compileAnew('second', more)).toBe('second')
  expect((await compile({ code: 'third' }, more)).code).toBe('second')
})

it('is not taken from a file that was not written to its end', async () => {
  await compileAnew('first')
  const [file = ''] = filesOf(name)
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -1))
  expect(await compileAnew('second')).toBe('second')
})

it.skipIf(process.getuid === undefined)('is not taken from what another user has put there', async () => {
  await compileAnew('first')
  vi.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(4_711)
  expect(await compileAnew('second')).toBe('second')
})

it('that does not compile is not kept', async () => {
  await compile({ code: 'exports.__JITI_ERROR__ = {}' })
  expect((await compile({ code: 'second' })).code).toBe('second')
})
