/** Calls that are under way side by side find on the disk what those asked for before them left, however fast they are. */
import { copyFile, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stubFiles } from '../../../../harness/boundaries/file/stubs.js'
import type { FileRequest } from '../../../../harness/contracts/request.js'
import { installStubs } from '../../../../harness/sandbox/ambient.js'
import { inDirectory, type Planned } from '../../../support/boundaries/files-trial.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs([stubFiles])
})
afterAll(() => uninstall())

/** So long that the pool is at work on it while all else is asked for. */
const long = 'x'.repeat(3_000_000)
const repetitions = 30

type Work = Parameters<typeof inDirectory>[0]

/** What is left and what was asked, over and over: each in as many forms as came. */
async function formsOf(work: Work, planned: Planned = []): Promise<unknown[]> {
  const forms = new Set<string>()
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const { crossed, left, error } = await inDirectory(work, planned)
    const asked = crossed.map(({ opening, outcome }) => [
      (opening.request as FileRequest).asked,
      (opening.request as FileRequest).content?.bytes,
      outcome?.kind,
    ])
    const sizes = Object.fromEntries(Object.entries(left).map(([path, text]) => [path, text.length]))
    forms.add(JSON.stringify({ asked, sizes, error }))
  }
  return [...forms].map((form) => JSON.parse(form) as unknown)
}

it('a copy beside a write has what the write left', async () => {
  const work: Work = async ({ at, put }) => {
    put('a', 'the one before')
    await Promise.all([writeFile(at('a'), long), copyFile(at('a'), at('b'))])
  }
  expect(await formsOf(work)).toEqual([
    {
      asked: [
        ['write', long.length, 'ok'],
        ['copy from a', long.length, 'ok'],
      ],
      sizes: { a: long.length, b: long.length },
    },
  ])
})

it('two runs at once of one work upon the same files go the same way each time', async () => {
  const work: Work = async ({ at }) => {
    const save = async () => {
      await writeFile(at('draft'), long)
      await rename(at('draft'), at('final'))
      await stat(at('final'))
      await readFile(at('final'))
    }
    await Promise.allSettled([save(), save()])
  }
  expect(await formsOf(work)).toHaveLength(1)
})

it('a file that vanishes is gone when its turn has come', async () => {
  const work: Work = async ({ at, put }) => {
    put('a', 'the one before')
    await stat(at('a'))
    await Promise.allSettled([writeFile(at('a'), long), readFile(at('a'))])
  }
  expect(await formsOf(work, [[], [{ kind: 'vanish' }]])).toEqual([
    {
      asked: [
        ['write', long.length, 'ok'],
        ['read', null, 'failed'],
      ],
      sizes: {},
    },
  ])
})

it('what is left of a torn write stands in its turn', async () => {
  const work: Work = async ({ at }) => {
    await Promise.allSettled([writeFile(at('a'), long), writeFile(at('a'), 'abcd')])
  }
  expect(await formsOf(work, [[], [{ kind: 'tear', at: 0.5, code: 'no-space' }]])).toEqual([
    {
      asked: [
        ['write', long.length, 'ok'],
        ['write', 4, 'failed'],
      ],
      sizes: { a: 2 },
    },
  ])
})
