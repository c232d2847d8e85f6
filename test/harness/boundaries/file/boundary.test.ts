/** The directory of a trial: what belongs to it and what does not, how its failures look, and what a crash leaves of it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import fsp from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { ActionAt } from '../../../../faults/boundaries.js'
import { FileBoundary } from '../../../../harness/boundaries/file/boundary.js'
import { stubFiles } from '../../../../harness/boundaries/file/stubs.js'
import { installStubs, stubsInstalled } from '../../../../harness/sandbox/ambient.js'
import { real } from '../../../../harness/sandbox/real.js'
import { requestText } from '../../../../reports/reading/request.js'
import { inDirectory } from '../../../support/boundaries/files-trial.js'
import { shapeOf } from '../../../support/error-shape.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs([stubFiles])
})
afterAll(() => uninstall())

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => real.setImmediate(() => resolve()))
}
const failing = (code: 'no-space' | 'access-denied' | 'io-error', at = 0): ActionAt<'file'>[] => [
  { kind: 'tear', at, code },
]

async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}

const fieldsOf = (error: unknown) => ({ ...(error as Error) }) as Record<string, unknown>

/** What Node's own error is in a process that may do nothing; `undefined` where there is none such to be had. */
function refusedToNobody(path: string): unknown {
  const code = `try { require('node:fs').writeFileSync(${JSON.stringify(path)}, 'x') } catch (error) {
    const { name, message, stack, constructor } = error
    console.log(JSON.stringify({ name, message, first: stack.split('\\n')[0], constructor: constructor.name, fields: { ...error } }))
  }`
  const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {}
  const { stdout } = spawnSync(process.execPath, ['-e', code], { ...nobody, encoding: 'utf8' })
  return stdout ? JSON.parse(stdout) : undefined
}

describe('a planned failure looks as the real one', () => {
  /** Linux has a device that is always full. */
  it.skipIf(!fs.existsSync('/dev/full'))('where the disk is full', async () => {
    const write = [
      (path: string) => fs.writeFileSync(path, 'x'),
      (path: string) => promisify(fs.writeFile)(path, 'x'),
      (path: string) => fsp.writeFile(path, 'x'),
    ]
    for (const way of write) {
      const { error } = await inDirectory(async ({ at }) => way(at('a')), [failing('no-space')])
      expect(shapeOf(error)).toEqual(shapeOf(await errorOf(() => way('/dev/full'))))
    }
  })

  it('where opening is refused, with the path as it was given', async () => {
    const { error, answer } = await inDirectory(
      async ({ at }) => {
        const refused = await errorOf(() => fsp.writeFile(at('a'), 'x'))
        const missing = await errorOf(() => fsp.writeFile(at('missing/a'), 'x'))
        return [refused, missing, at('a')] as const
      },
      [failing('access-denied')],
    )
    const [refused, missing, path] = answer ?? []
    expect(error).toBeUndefined()
    expect(shapeOf(refused)).toMatchObject({
      message: `EACCES: permission denied, open '${path}'`,
      own: { '+path': path },
    })
    expect(Object.keys(fieldsOf(refused))).toEqual(Object.keys(fieldsOf(missing)))
  })

  it.skipIf(process.platform === 'win32')(
    'where opening is refused, as a process is told that may not',
    async (context) => {
      const folder = await fsp.mkdtemp(join(tmpdir(), 'agent-chaos-'))
      await fsp.chmod(folder, 0o555)
      const expected = refusedToNobody(join(folder, 'a'))
      await fsp.chmod(folder, 0o755)
      await fsp.rm(folder, { recursive: true })
      if (expected === undefined) return context.skip('nothing refuses a write here')
      const { answer } = await inDirectory(
        async ({ at }) => [await errorOf(() => fs.writeFileSync(at('a'), 'x')), at('a')] as const,
        [failing('access-denied')],
      )
      const [error, path = ''] = (answer ?? []) as [NodeJS.ErrnoException, string]
      const there = (text: string) => text.replace(path, join(folder, 'a'))
      const { name, message, stack = '', constructor: made } = error
      const fields = { ...error, path: there(error.path ?? '') }
      const seen = {
        name,
        message: there(message),
        first: there(stack.split('\n')[0] ?? ''),
        constructor: made.name,
      }
      expect({ ...seen, fields }).toEqual(expected)
    },
  )

  /** Linux lets a process write its own memory, where there is any. */
  it.skipIf(!fs.existsSync('/proc/self/mem'))('where the disk fails', async (context) => {
    const writeMemory = () => {
      const fd = fs.openSync('/proc/self/mem', 'r+')
      try {
        fs.writeSync(fd, Buffer.from('x'), 0, 1, 0)
      } finally {
        fs.closeSync(fd)
      }
    }
    const expected = await errorOf(writeMemory)
    if ((expected as NodeJS.ErrnoException).code !== 'EIO')
      return context.skip('this system says something else of that')
    const { answer } = await inDirectory(
      async ({ at }) => {
        const fd = fs.openSync(at('a'), 'w')
        return errorOf(() => fs.writeSync(fd, Buffer.from('x'), 0, 1, 0))
      },
      [failing('io-error')],
    )
    expect(shapeOf(answer)).toEqual(shapeOf(expected))
  })

  it('where a rename is refused, and nothing happened', async () => {
    const { answer, left, crossed } = await inDirectory(
      async ({ at, put }) => {
        put('a', 'new')
        put('b', 'old')
        const real = await errorOf(() => fs.renameSync(at('missing'), at('b')))
        const planned = await errorOf(() => fs.renameSync(at('a'), at('b')))
        return [planned, real, [at('a'), at('b')]] as const
      },
      [[], failing('io-error', 0.5)],
    )
    const [planned, real, [from, to] = []] = answer ?? []
    expect((planned as Error).message).toBe(`EIO: i/o error, rename '${from}' -> '${to}'`)
    expect(fieldsOf(planned)).toMatchObject({ path: from, dest: to })
    expect(Object.keys(fieldsOf(planned))).toEqual(Object.keys(fieldsOf(real)))
    expect(left).toEqual({ a: 'new', b: 'old' })
    expect(crossed.map(({ struck }) => struck)).toEqual([0, 1])
  })

  it('to a callback of fs.write and fs.writev, which also gets the count and what was to be written', async () => {
    const data = [Buffer.from('abc')]
    const { answer } = await inDirectory(
      async ({ at }) => {
        const fd = fs.openSync(at('a'), 'w')
        const one = await new Promise<unknown[]>((resolve) =>
          fs.write(fd, 'abc', (...reported) => resolve(reported.slice(1))),
        )
        const many = await new Promise<unknown[]>((resolve) =>
          fs.writev(fd, data, (...reported) => resolve(reported.slice(1))),
        )
        return [one, many]
      },
      [failing('io-error', 0.5), failing('io-error', 0.5)],
    )
    expect(answer).toEqual([
      [0, 'abc'],
      [0, data],
    ])
  })
})

describe('a rename', () => {
  const forms = {
    callback: (from: string, to: string) => promisify(fs.rename)(from, to),
    promise: (from: string, to: string) => fsp.rename(from, to),
    synchronous: async (from: string, to: string) => fs.renameSync(from, to),
  }
  it.each(Object.entries(forms))('as %s is a crossing of its target that cannot be torn', async (_, rename) => {
    const { crossed, left } = await inDirectory(async ({ at, put }) => {
      put('report.tmp', 'new')
      await rename(at('report.tmp'), at('report.md'))
    })
    expect(
      crossed.map(({ opening, outcome }) => [opening.target, requestText(opening.request), opening.traits, outcome]),
    ).toEqual([['report.md', 'rename from report.tmp', ['rename'], { kind: 'ok', output: 'renamed' }]])
    expect(left).toEqual({ 'report.md': 'new' })
  })

  it.each([
    ['before', { a: 'new', b: 'old' }],
    ['during', { b: 'new' }],
    ['after', { b: 'new' }],
  ] as const)('leaves the old file or the new one where the agent crashes %s', async (phase, left) => {
    const trial = await inDirectory(
      async ({ at, put, crossings }) => {
        put('a', 'new')
        put('b', 'old')
        fs.rename(at('a'), at('b'), () => expect.unreachable())
        while (!crossings.frozen) await turns(1)
        await turns(20)
      },
      [[{ kind: 'crash', phase }]],
    )
    expect(trial.left).toEqual(left)
  })
})

describe('a crossing', () => {
  it('takes its time where it is delayed, and the wall clock jumps where it is to', async () => {
    const { crossed, jumps, left } = await inDirectory(
      async ({ at }) => fsp.writeFile(at('a'), 'x'),
      [
        [
          { kind: 'delay', ms: 3_000 },
          { kind: 'clock-jump', ms: -500 },
        ],
      ],
    )
    expect(crossed).toMatchObject([{ struck: 1, finishedAtMs: 3_000, outcome: { kind: 'ok' } }])
    expect([jumps, left]).toEqual([[-500], { a: 'x' }])
  })

  it('that is called off goes on, and where it is synchronous it is over before anybody hears of it', async () => {
    const seen: number[] = []
    const { crossed, left } = await inDirectory(
      async ({ at, crossings }) => {
        fs.writeFileSync(at('a'), 'x')
        seen.push(crossings.cancels)
        const writing = fsp.writeFile(at('b'), 'x')
        await Promise.resolve()
        seen.push(crossings.cancels)
        await writing
      },
      [[{ kind: 'cancel' }], [{ kind: 'cancel' }]],
    )
    expect([seen, left]).toEqual([[0, 2], { a: 'x', b: 'x' }])
    expect(crossed).toMatchObject([{ struck: 1 }, { struck: 1 }])
  })

  it('that is synchronous cannot be delayed, and the fault is not said to have landed', async () => {
    const delay = { kind: 'delay', ms: 3_000 } as const
    const { crossed, left, endedAtMs } = await inDirectory(
      async ({ at }) => {
        fs.writeFileSync(at('a'), 'x')
        await errorOf(() => fs.writeFileSync(at('b'), 'x'))
      },
      [[delay], [delay, ...failing('no-space')]],
    )
    expect(crossed.map(({ struck }) => struck)).toEqual([0, 1])
    expect([left, endedAtMs]).toEqual([{ a: 'x', b: '' }, 0])
  })

  it('that fails by itself tells so, without the random name of the directory, and no fault landed', async () => {
    const { crossed, error } = await inDirectory(
      async ({ at }) => fsp.writeFile(at('missing/a'), 'x'),
      [failing('no-space', 0.5)],
    )
    const message = "ENOENT: no such file or directory, open '<files>/missing/a'"
    expect(crossed).toMatchObject([{ struck: 0, outcome: { kind: 'failed', class: 'unknown', error: { message } } }])
    expect(error).toMatchObject({ code: 'ENOENT', path: expect.stringContaining('agent-chaos-') })
  })

  it('asks for the same where the same is written, for less than the whole of long texts', async () => {
    const long = 'x'.repeat(20_001)
    const contents = ['x'.repeat(20_000), long, long, `${long}y`, Buffer.from([0xff, 0xfe]), '']
    const { crossed } = await inDirectory(async ({ at, files }) => {
      for (const content of contents) await fsp.writeFile(at('a'), content)
      await fsp.writeFile(at('a'), `see ${files.dir}/b`)
    })
    const inputs = crossed.map(({ opening }) => requestText(opening.request))
    expect(inputs[0]).toBe(`write 20000 bytes: ${contents[0]}`)
    expect(inputs[1]).toMatch(/^write 20001 bytes: sha256 [0-9a-f]{16}$/)
    expect(inputs[2]).toBe(inputs[1])
    expect(inputs[3]).toMatch(/^write 20002 bytes: sha256 [0-9a-f]{16}$/)
    expect(inputs[4]).toMatch(/^write 2 bytes: sha256 [0-9a-f]{16}$/)
    expect(inputs[5]).toBe('write 0 bytes: ')
    expect(inputs[6]).toMatch(/^write \d+ bytes: see <files>\/b$/)
  })

  it('shows selectors where and how much is written', async () => {
    const { crossed } = await inDirectory(async ({ at }) => {
      fs.mkdirSync(at('deep'))
      fs.appendFileSync(at('deep/../deep/a.txt'), 'xyz')
    })
    expect(crossed.map(({ opening }) => opening.argument())).toEqual([
      { path: 'deep/a.txt', asked: 'append', bytes: 3 },
    ])
  })

  it('of each chunk of a stream comes in order, and a failed one ends the stream', async () => {
    const { crossed, error, left } = await inDirectory(
      async ({ at }) => {
        const stream = fs.createWriteStream(at('a')).on('error', () => {})
        for (const chunk of ['one,', 'two,', 'three']) {
          await new Promise<void>((resolve, reject) =>
            stream.write(chunk, (error) => (error ? reject(error) : resolve())),
          )
        }
      },
      [[], failing('no-space', 0.5)],
    )
    expect(crossed.map(({ opening }) => requestText(opening.request))).toEqual([
      'write 4 bytes: one,',
      'write 4 bytes: two,',
    ])
    expect(error).toMatchObject({ code: 'ENOSPC' })
    expect(left).toEqual({ a: 'one,tw' })
  })
})

describe('what writers expect of Node stays', () => {
  it('the results of every form', async () => {
    const outside = fs.mkdtempSync(join(tmpdir(), 'agent-chaos-outside-'))
    const data = Buffer.from('abc')
    const resultsAt = async (path: string) => {
      const fd = fs.openSync(path, 'w')
      const handle = await fsp.open(path, 'r+')
      const results = [
        fs.writeSync(fd, data),
        fs.writevSync(fd, [data]),
        fs.writeFileSync(path, 'x'),
        await promisify(fs.write)(fd, data, 0, 2),
        await promisify(fs.writev)(fd, [data]),
        await handle.write('abc'),
        await handle.writev([data]),
        await handle.writeFile('x'),
        await fsp.appendFile(path, 'x'),
        await fsp.rename(path, path),
        await new Promise((resolve) => fs.writeFile(path, 'x', (...reported) => resolve(reported))),
        await new Promise((resolve) => fs.appendFile(path, 'x', (...reported) => resolve(reported))),
        await new Promise((resolve) => fs.write(fd, 'x', (...reported) => resolve(reported))),
      ]
      fs.closeSync(fd)
      await handle.close()
      return results
    }
    const { answer, crossed } = await inDirectory(async ({ at }) => [
      await resultsAt(at('a')),
      await resultsAt(join(outside, 'a')),
    ])
    fs.rmSync(outside, { recursive: true })
    expect(answer?.[0]).toEqual(answer?.[1])
    expect(crossed).toHaveLength(13)
  })

  it('wrong arguments are refused in its own words, and are no crossing', async () => {
    const wrong = [
      (path: string) => fs.writeFile(path, 'x', undefined as never),
      (path: string) => fs.writeFileSync(path, 5 as never),
      (path: string) => fs.writeFileSync(path, 'x', 'klingon' as never),
      (path: string) => fsp.writeFile(path, 5 as never),
      (path: string) => fs.writeSync(fs.openSync(path, 'w'), Buffer.alloc(3), 2, 5),
      (path: string) => fs.writevSync(fs.openSync(path, 'w'), 'x' as never),
    ]
    const outside = fs.mkdtempSync(join(tmpdir(), 'agent-chaos-outside-'))
    const { answer, crossed } = await inDirectory(async ({ at }) => {
      const messages = (path: string) =>
        Promise.all(wrong.map(async (way) => ((await errorOf(() => way(path))) as Error).message))
      return [await messages(at('a')), await messages(join(outside, 'a'))] as const
    })
    fs.rmSync(outside, { recursive: true })
    expect(answer?.[0]).toEqual(answer?.[1])
    expect(crossed).toEqual([])
  })

  it('a callback runs in the async context of its caller', async () => {
    const storage = new AsyncLocalStorage<string>()
    const { answer } = await inDirectory(
      ({ at }) =>
        new Promise((resolve) =>
          storage.run('mine', () => fs.writeFile(at('a'), 'x', () => resolve(storage.getStore()))),
        ),
    )
    expect(answer).toBe('mine')
  })

  it('chunks that fail to come leave those before them', async () => {
    const breakOff = function* () {
      yield 'one'
      throw new Error('no more')
    }
    const { error, left } = await inDirectory(async ({ at }) => fsp.writeFile(at('a'), breakOff()))
    expect(error).toMatchObject({ message: 'no more' })
    expect(left).toEqual({ a: 'one' })
  })

  /** How parallel writes of different sizes are told of, in all orders that were seen. */
  async function orders(write: (path: string, data: Buffer, index: number) => Promise<unknown>): Promise<string[]> {
    const sizes = { a: 2_000_000, b: 10, c: 100_000, d: 1 }
    const seen = new Set<string>()
    for (let repetition = 0; repetition < 30; repetition++) {
      const done: string[] = []
      const writeAll = (at: (path: string) => string) =>
        Object.entries(sizes).map(([name, size], index) =>
          write(at(name), Buffer.alloc(size), index).then(
            () => done.push(name),
            () => done.push(`${name} failed`),
          ),
        )
      const plan = [[], failing('access-denied'), failing('no-space', 0.5)]
      const { crossed } = await inDirectory(({ at }) => Promise.all(writeAll(at)), plan)
      expect(crossed.map(({ opening }) => opening.target)).toEqual(['a', 'b', 'c', 'd'])
      seen.add(done.join())
    }
    return [...seen]
  }

  it('parallel writes are told of in the order of their start, failed or not', async () => {
    expect(await orders((path, data) => fsp.writeFile(path, data))).toEqual(['a,b failed,c failed,d'])
  })

  it('parallel writes through callbacks and promises are told of in one order', async () => {
    // A whole file written with callbacks takes several steps, and each of them has its turn.
    const writeMixed = (path: string, data: Buffer, index: number) =>
      index % 2 ? fsp.writeFile(path, data) : promisify(fs.writeFile)(path, data)
    expect(await orders(writeMixed)).toHaveLength(1)
  })
})

describe('an agent that has crashed', () => {
  it('changes nothing any more: what it awaits never comes, and synchronous code is thrown at', async () => {
    const { crossed, left, answer } = await inDirectory(async ({ at, put, crossings }) => {
      put('a', 'old')
      const fd = fs.openSync(at('a'), 'r+')
      const handle = await fsp.open(at('a'), 'r+')
      crossings.crash()
      const settled: string[] = []
      const tries: Record<string, () => unknown> = {
        writeFile: () => fsp.writeFile(at('a'), 'new'),
        chunks: () => fsp.writeFile(at('a'), ['new']),
        rename: () => fsp.rename(at('a'), at('b')),
        move: () => fsp.rename(at('a'), join(tmpdir(), 'agent-chaos-moved')),
        unlink: () => fsp.unlink(at('a')),
        rm: () => fsp.rm(at(''), { recursive: true }),
        mkdir: () => fsp.mkdir(at('c')),
        copy: () => fsp.copyFile(at('a'), at('d')),
        open: () => fsp.open(at('a'), 'w'),
        write: () => handle.write('new'),
        truncate: () => handle.truncate(0),
        callback: () => promisify(fs.write)(fd, 'new'),
        opening: () => promisify(fs.open)(at('a'), 'w'),
        unlinking: () => promisify(fs.unlink)(at('a')),
        stream: () => new Promise((resolve) => fs.createWriteStream(at('a')).on('open', resolve).on('error', resolve)),
      }
      for (const [name, attempt] of Object.entries(tries)) {
        const settle = () => void settled.push(name)
        Promise.resolve(attempt()).then(settle, settle)
      }
      await turns(30)
      const sync: (() => unknown)[] = [
        () => fs.writeFileSync(at('a'), 'new'),
        () => fs.appendFileSync(at('e'), 'new'),
        () => fs.writeSync(fd, 'new'),
        () => fs.ftruncateSync(fd, 0),
        () => fs.openSync(at('a'), 'w'),
        () => fs.renameSync(at('a'), at('b')),
        () => fs.rmSync(at('a')),
        () => fs.mkdirSync(at('c')),
      ]
      const thrown = await Promise.all(sync.map((attempt) => errorOf(attempt)))
      return [settled, thrown.map((error) => (error as Error).name), fs.readFileSync(at('a'), 'utf8')]
    })
    expect(answer).toEqual([[], Array(8).fill('ProcessEnded'), 'old'])
    expect([crossed, left]).toEqual([[], { a: 'old' }])
  })

  it('has no part in what its next start writes, not even through what it still holds open', async () => {
    const { answer, left } = await inDirectory(async ({ at, put, crossings, restart }) => {
      put('a', 'old')
      const stale = fs.openSync(at('a'), 'r+')
      crossings.crash()
      const next = restart()
      await fsp.appendFile(at('a'), ', new')
      const late = await errorOf(() => fs.writeSync(stale, 'late'))
      return [next.crossed.map(({ opening }) => opening.target), (late as Error).name]
    })
    expect(answer).toEqual([['a'], 'ProcessEnded'])
    expect(left).toEqual({ a: 'old, new' })
  })

  it('does not come to know of a delayed write, which is not done', async () => {
    const { left, end } = await inDirectory(
      async ({ at, crossings }) => {
        fsp.writeFile(at('a'), 'x').then(() => expect.unreachable())
        crossings.crash()
        await new Promise((resolve) => setTimeout(resolve, 10_000))
      },
      [[{ kind: 'delay', ms: 5_000 }]],
    )
    expect([left, end]).toEqual([{}, { kind: 'settled' }])
  })
})

describe('the directory', () => {
  it('is made when it is first asked for, and is gone after the trial', async () => {
    const { answer, dir } = await inDirectory(async ({ files }) => {
      const unmade = [files.made, files.list(), files.read('a')]
      const { dir } = files
      return [...unmade, files.made, fs.realpathSync(dir) === dir, fs.readdirSync(dir)]
    })
    expect(answer).toEqual([false, [], undefined, true, true, []])
    expect(dir).toMatch(/agent-chaos-[^/]+$/)
    expect(fs.existsSync(dir)).toBe(false)
  })

  it('is not made where nobody asks for it', async () => {
    const { dir, crossed } = await inDirectory(async () => {
      fs.writeSync(2, '')
    })
    expect([dir, crossed]).toEqual(['', []])
  })

  it('tells what is in it, and nothing of what is not', async () => {
    const { answer } = await inDirectory(async ({ files, at }) => {
      fs.mkdirSync(at('b/c'), { recursive: true })
      for (const path of ['b/c/z', 'b/a', 'a']) fs.writeFileSync(at(path), path)
      const refused = [() => files.read('../x'), () => files.read(`${files.dir}x/y`)].map((read) => {
        try {
          return read()
        } catch (error) {
          return (error as Error).name
        }
      })
      return [files.list(), files.read('b/c/z'), files.read(at('a')), files.read('b'), files.read('a/b'), ...refused]
    })
    expect(answer).toEqual([['a', 'b/a', 'b/c/z'], 'b/c/z', 'a', undefined, undefined, 'UserError', 'UserError'])
  })

  it('is all that is watched: writes elsewhere are done and not recorded', async () => {
    const outside = fs.mkdtempSync(join(tmpdir(), 'agent-chaos-outside-'))
    const { crossed, left } = await inDirectory(
      async ({ at, files }) => {
        put()
        const detour = join(files.dir, '..', outside.split('/').at(-1) ?? '')
        await fsp.writeFile(`${detour}/b`, 'x')
        await fsp.writeFile(`${files.dir}-beside`, 'x')
        await fsp.rm(`${files.dir}-beside`)
        // The number of a descriptor that was closed belongs to another file now.
        const fd = fs.openSync(at('mine'), 'w')
        fs.closeSync(fd)
        const other = fs.openSync(join(outside, 'c'), 'w')
        expect(other).toBe(fd)
        fs.writeSync(other, 'x')
        fs.closeSync(other)
        fs.readFileSync(at('mine'))
      },
      [failing('no-space')],
    )
    function put() {
      fs.writeFileSync(join(outside, 'a'), 'x')
    }
    expect([crossed, left, fs.readdirSync(outside)]).toEqual([[], { mine: '' }, ['a', 'b', 'c']])
    fs.rmSync(outside, { recursive: true })
  })

  it('of one trial is not that of the next', async () => {
    const first = await inDirectory(async ({ at }) => fs.writeFileSync(at('a'), 'x'))
    const second = await inDirectory(async ({ at, files }) => {
      fs.writeFileSync(at('b'), 'x')
      return files.list()
    })
    expect(second.answer).toEqual(['b'])
    expect(first.dir).not.toBe(second.dir)
    expect([first.dir, second.dir].map((dir) => fs.existsSync(dir))).toEqual([false, false])
  })

  it('moves on to another process, which removes it', async () => {
    const files = () =>
      new FileBoundary({
        crossings: () => expect.unreachable(),
        parent: () => null,
        onMisuse: () => expect.unreachable(),
      })
    const [left, taken] = [files(), files()]
    const { dir } = left
    fs.writeFileSync(join(dir, 'a'), 'x')
    taken.adopt(dir)
    expect([taken.made, taken.dir, taken.read('a')]).toEqual([true, dir, 'x'])
    expect(() => taken.adopt(dir)).toThrow('has a directory already')
    taken.close()
    expect(fs.existsSync(dir)).toBe(false)
    expect(() => taken.dir).toThrow('the trial is over')
    expect(taken.made).toBe(false)
  })

  it('gives back what the agent left open', async () => {
    // The number of a descriptor that was given back may be another file's at once, so the file tells.
    const openAt = (fd: number) => {
      const { dev, ino, birthtimeMs } = fs.fstatSync(fd)
      return { dev, ino, birthtimeMs }
    }
    const { answer: open = [] } = await inDirectory(async ({ at }) => {
      const handle = await fsp.open(at('a'), 'w')
      return [fs.openSync(at('b'), 'w'), handle.fd].map((fd) => ({ fd, file: openAt(fd) }))
    })
    const stillOpen = () =>
      open.filter(({ fd, file }) => {
        try {
          return JSON.stringify(openAt(fd)) === JSON.stringify(file)
        } catch {
          return false
        }
      })
    // A handle is closed by a thread, in its own time.
    for (let turn = 0; turn < 100_000 && stillOpen().length > 0; turn++) await turns(1)
    expect(open).toHaveLength(2)
    expect(stillOpen()).toEqual([])
  })
})

test('outside a trial, and once the stubs are gone, everything is what it was', async () => {
  uninstall()
  const names = ['write', 'writev', 'writeFile', 'appendFile', 'rename', 'open', 'close', 'unlink', 'rm', 'cp'] as const
  const functions = () => names.flatMap((name) => [fs[name], fs[`${name}Sync`], Reflect.get(fsp, name)])
  const originals = functions()
  uninstall = installStubs([stubFiles])
  expect(functions().filter((stub, index) => stub !== undefined && stub === originals[index])).toEqual([])
  const path = join(fs.mkdtempSync(join(tmpdir(), 'agent-chaos-outside-')), 'a')
  const handle = await fsp.open(path, 'w')
  await handle.writeFile('x')
  await handle.close()
  expect([fs.readFileSync(path, 'utf8'), stubsInstalled()]).toEqual(['x', true])
  fs.rmSync(join(path, '..'), { recursive: true })
  uninstall()
  expect(functions()).toEqual(originals)
})
