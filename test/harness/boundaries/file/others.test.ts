/** Copies, truncations, and files that were looked at before: each in the three forms in which Node has them. */
import fs, { constants } from 'node:fs'
import fsp from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stubFiles } from '../../../../harness/boundaries/file/stubs.js'
import type { FileRequest } from '../../../../harness/contracts/request.js'
import { installStubs } from '../../../../harness/sandbox/ambient.js'
import { inDirectory, type Planned } from '../../../support/boundaries/files-trial.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs([stubFiles])
})
afterAll(() => uninstall())

const failing = (code: 'no-space' | 'access-denied' | 'io-error' | 'too-many-open', at = 0): Planned => [
  [{ kind: 'tear', at, code }],
]
const vanishing: Planned = [[{ kind: 'vanish' }]]

type Form = 'callback' | 'promise' | 'synchronous'
const forms: readonly Form[] = ['callback', 'promise', 'synchronous']

/** The function of that name in the given form. */
function callAs(form: Form, name: string, ...args: unknown[]): Promise<unknown> {
  const from = (owner: object, key: string) => Reflect.get(owner, key) as (...given: unknown[]) => unknown
  if (form === 'callback') return promisify(from(fs, name) as typeof fs.stat)(...(args as [string])) as Promise<unknown>
  if (form === 'promise') return from(fsp, name)(...args) as Promise<unknown>
  return new Promise((resolve) => resolve(from(fs, `${name}Sync`)(...args)))
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: NodeJS.ErrnoException) => error.message,
  )

async function tryOut(planned: Planned, work: Parameters<typeof inDirectory>[0]) {
  const { answer, crossed, left } = await inDirectory(work, planned)
  const facts = crossed.map(({ opening, outcome, struck }) => ({
    target: opening.target,
    asked: (opening.request as FileRequest).asked,
    traits: opening.traits,
    kind: outcome?.kind,
    struck,
  }))
  return { answer, facts, left }
}

describe.each(forms)('as %s', (form) => {
  it('a copy is a crossing of its target, with the bytes that are copied', async () => {
    const { facts, left } = await tryOut([], async ({ at, put }) => {
      put('a', 'new')
      await callAs(form, 'copyFile', at('a'), at('b'))
    })
    expect(facts).toEqual([{ target: 'b', asked: 'copy from a', traits: ['bytes', 'opens'], kind: 'ok', struck: 0 }])
    expect(left).toEqual({ a: 'new', b: 'new' })
  })

  it.each([
    ['no-space', 'ENOSPC: no space left on device', { a: 'new' }],
    ['access-denied', 'EACCES: permission denied', { a: 'new', b: 'old' }],
    ['too-many-open', 'EMFILE: too many open files', { a: 'new', b: 'old' }],
  ] as const)('a copy that fails with %s leaves what Node leaves', async (code, says, left) => {
    const found = await tryOut(failing(code), async ({ at, put }) => {
      put('a', 'new')
      put('b', 'old')
      return (await codeOf(callAs(form, 'copyFile', at('a'), at('b')))).replaceAll(`${at('')}/`, '')
    })
    expect(found.answer).toBe(`${says}, copyfile 'a' -> 'b'`)
    expect(found.left).toEqual(left)
    expect(found.facts[0]).toMatchObject({ kind: 'failed', struck: 1 })
  })

  it('a copy that fails by itself fails in the words of Node, and is no crossing', async () => {
    const { answer, facts } = await tryOut(failing('io-error'), async ({ at, put }) => {
      put('a', 'new')
      put('b', 'old')
      return [
        await codeOf(callAs(form, 'copyFile', at('none'), at('c'))),
        await codeOf(callAs(form, 'copyFile', at('a'), at('b'), constants.COPYFILE_EXCL)),
      ].map((message) => message.split(':')[0])
    })
    expect([answer, facts]).toEqual([['ENOENT', 'EEXIST'], []])
  })

  it('a truncation is a crossing that is done as a whole or not at all', async () => {
    const work: Parameters<typeof inDirectory>[0] = async ({ at, put }) => {
      put('a', 'whole')
      return (await codeOf(callAs(form, 'truncate', at('a'), 2))).replaceAll(`${at('')}/`, '')
    }
    const done = await tryOut([], work)
    expect(done.facts).toEqual([{ target: 'a', asked: 'truncate to 2', traits: ['opens'], kind: 'ok', struck: 0 }])
    expect(done.left).toEqual({ a: 'wh' })
    const failed = await tryOut(failing('too-many-open'), work)
    expect([failed.answer, failed.left]).toEqual(["EMFILE: too many open files, open 'a'", { a: 'whole' }])
  })

  it('a rename that is acknowledged and has not happened leaves both files', async () => {
    const { answer, facts, left } = await tryOut([[{ kind: 'pretend', result: null }]], async ({ at, put }) => {
      put('a', 'new')
      put('b', 'old')
      return codeOf(callAs(form, 'rename', at('a'), at('b')))
    })
    expect([answer, left, facts[0]]).toMatchObject(['done', { a: 'new', b: 'old' }, { kind: 'ok', struck: 1 }])
  })

  describe.each(['stat', 'lstat', 'access', 'exists'])('after %s', (look) => {
    const looking = (path: string) => {
      if (look !== 'exists') return callAs(form, look, path)
      if (form === 'callback') return new Promise((resolve) => fs.exists(path, resolve))
      return Promise.resolve(fs.existsSync(path))
    }

    it.each([
      ['readFile', 'read', 'open'],
      ['unlink', 'remove', 'unlink'],
      ['open', 'open', 'open'],
    ])('%s of a file that vanished fails in the words of Node', async (name, asked, syscall) => {
      const { answer, facts, left } = await tryOut(vanishing, async ({ at, put }) => {
        put('a', 'x')
        await looking(at('a'))
        const failed = await codeOf(callAs(form, name, at('a')))
        return failed.replaceAll(`${at('')}/`, '')
      })
      expect(answer).toBe(`ENOENT: no such file or directory, ${syscall} 'a'`)
      expect(facts).toMatchObject([{ target: 'a', asked, kind: 'failed', struck: 1 }])
      expect(left).toEqual({})
    })

    it('a file that stays is used as ever', async () => {
      const { answer, facts } = await tryOut([], async ({ at, put }) => {
        put('a', 'x')
        await looking(at('a'))
        return String(await callAs(form, 'readFile', at('a')))
      })
      expect(answer).toBe('x')
      expect(facts).toMatchObject([{ asked: 'read', traits: ['lookup', 'opens'], kind: 'ok', struck: 0 }])
    })
  })

  it('a file that was not looked at, or was not there, is read without a crossing', async () => {
    const { facts } = await tryOut(vanishing, async ({ at, put }) => {
      put('a', 'x')
      await codeOf(callAs(form, 'stat', at('b')))
      put('b', 'y')
      await callAs(form, 'readFile', at('a'))
      await callAs(form, 'readFile', at('b'))
    })
    expect(facts).toEqual([])
  })
})

it('a truncation by descriptor and by handle is a crossing too, and opens nothing', async () => {
  const { facts, left } = await tryOut([], async ({ at, put }) => {
    put('a', 'whole')
    const fd = fs.openSync(at('a'), 'r+')
    fs.ftruncateSync(fd, 4)
    await promisify(fs.ftruncate)(fd, 3)
    fs.closeSync(fd)
    const handle = await fsp.open(at('a'), 'r+')
    await handle.truncate(2)
    await handle.close()
  })
  expect(facts.map(({ asked, traits }) => [asked, traits])).toEqual([
    ['truncate to 4', []],
    ['truncate to 3', []],
    ['truncate to 2', []],
  ])
  expect(left).toEqual({ a: 'wh' })
})

it('a crash in the middle of a copy leaves half of it', async () => {
  const { left } = await inDirectory(
    async ({ at, put }) => {
      put('a', 'whole!')
      await fsp.copyFile(at('a'), at('b'))
    },
    [[{ kind: 'crash', phase: 'during' }]],
  )
  expect(left).toEqual({ a: 'whole!', b: 'who' })
})
