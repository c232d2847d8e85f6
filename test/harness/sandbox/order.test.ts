import { AsyncLocalStorage } from 'node:async_hooks'
import { execFileSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import { mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installStubs } from '../../../harness/sandbox/ambient.js'
import { type Complete, Sequence } from '../../../harness/sandbox/order.js'
import { real } from '../../../harness/sandbox/real.js'
import { follow } from '../../support/sandbox/trial.js'

let uninstall = () => {}
let directory = ''
const file = (name: string) => join(directory, name)
beforeAll(async () => {
  uninstall = installStubs()
  directory = await mkdtemp(join(tmpdir(), 'agent-chaos-'))
  // The first one to start is the last one to be done.
  await writeFile(file('a'), Buffer.alloc(4_000_000))
  await writeFile(file('b'), Buffer.alloc(1_000))
  await writeFile(file('c'), Buffer.alloc(100_000))
})
afterAll(async () => {
  await rm(directory, { recursive: true })
  uninstall()
})

const turn = () => new Promise<void>((resolve) => real.setImmediate(() => resolve()))
const inOrder = ['a', 'b', 'c']

/** The orders in which three pieces of work that start together are done, over many trials. */
async function orders(repetitions: number, start: (name: string) => Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>()
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const done: string[] = []
    const trial = await follow(() => Promise.all(inOrder.map((name) => start(name).then(() => done.push(name)))))
    expect(trial.end).toEqual({ kind: 'settled' })
    seen.add(done.join())
  }
  return [...seen]
}

test('parallel reads through promises are done in the order of their start, 200 times over', async () => {
  expect(await orders(200, (name) => readFile(file(name)))).toEqual(['a,b,c'])
})

test('parallel reads through callbacks are done in the order of their start', async () => {
  expect(await orders(100, (name) => promisify(fs.readFile)(file(name)))).toEqual(['a,b,c'])
})

test('parallel reads through file handles are done in the order of their start', async () => {
  const read = async (name: string) => {
    const handle = await open(file(name))
    try {
      await handle.readFile()
    } finally {
      await handle.close()
    }
  }
  expect(await orders(100, read)).toEqual(['a,b,c'])
})

test('an error is a completion like any other', async () => {
  const sizes: Record<string, string> = { a: 'a', b: 'missing', c: 'c' }
  expect(await orders(50, (name) => readFile(file(sizes[name] ?? '')).catch(() => {}))).toEqual(['a,b,c'])
})

test('compression and key derivation keep their order', async () => {
  const bytes: Record<string, number> = { a: 2_000_000, b: 10, c: 10_000 }
  expect(await orders(20, (name) => promisify(zlib.gzip)(Buffer.alloc(bytes[name] ?? 0)))).toEqual(['a,b,c'])
  const rounds: Record<string, number> = { a: 20_000, b: 1, c: 100 }
  const derive = (name: string) => promisify(crypto.pbkdf2)('p', 's', rounds[name] ?? 1, 32, 'sha256')
  expect(await orders(20, derive)).toEqual(['a,b,c'])
  const digest = (name: string) => crypto.webcrypto.subtle.digest('SHA-256', Buffer.alloc(bytes[name] ?? 0))
  expect(await orders(20, digest)).toEqual(['a,b,c'])
})

test('functions that Node builds from others still come to an end', async () => {
  const trial = await follow(async () => {
    fs.mkdirSync(file('tree/inner'), { recursive: true })
    await promisify(fs.writeFile)(file('tree/inner/x'), 'x')
    await promisify(fs.appendFile)(file('tree/inner/x'), 'y')
    await promisify(fs.truncate)(file('tree/inner/x'), 1)
    await fs.promises.cp(file('tree'), file('copy'), { recursive: true })
    await promisify(fs.rm)(file('tree'), { recursive: true })
    await fs.promises.rm(file('copy'), { recursive: true })
    const names: string[] = []
    for await (const entry of await fs.promises.opendir(directory)) names.push(entry.name)
    return names.sort()
  })
  expect(trial).toMatchObject({ end: { kind: 'settled' }, answer: inOrder, error: undefined })
})

test('the promisified forms of fs keep their shape', async () => {
  const trial = await follow(async () => {
    const fd = await promisify(fs.open)(file('b'), 'r+')
    const read = await promisify(fs.read)(fd, Buffer.alloc(4), 0, 4, 0)
    const written = await promisify(fs.write)(fd, Buffer.from('hi'), 0, 2, 0)
    const vectors = await promisify(fs.readv)(fd, [Buffer.alloc(3)], 0)
    await promisify(fs.close)(fd)
    return [read.bytesRead, written.bytesWritten, vectors.bytesRead, await promisify(fs.exists)(file('b'))]
  })
  expect(trial.answer).toEqual([4, 2, 3, true])
})

test('a callback runs in the async context in which its work was started, held or not', async () => {
  const storage = new AsyncLocalStorage<string>()
  const contexts: unknown[] = []
  await follow(() =>
    Promise.all(
      inOrder.map(
        (name) =>
          new Promise<void>((resolve) =>
            storage.run(name, () =>
              fs.readFile(file(name), () => {
                contexts.push(storage.getStore())
                resolve()
              }),
            ),
          ),
      ),
    ),
  )
  expect(contexts).toEqual(inOrder)
})

/** Starts work; returns what is called when it is done. */
function starting(sequence: Sequence): Complete {
  let complete: Complete | undefined
  sequence.start((given) => (complete = given))
  if (!complete) throw new Error('expected work without files to begin at once')
  return complete
}

test('a completion that comes early is held until those before it are delivered, one per turn', async () => {
  const sequence = new Sequence()
  const log: string[] = []
  const [first, second, third] = [starting(sequence), starting(sequence), starting(sequence)]
  third(() => log.push('third'))
  second(() => log.push('second'))
  expect(log).toEqual([])
  first(() => log.push('first'))
  expect(log).toEqual(['first'])
  await turn()
  expect(log).toEqual(['first', 'second'])
  await turn()
  expect(log).toEqual(['first', 'second', 'third'])
})

test('a held completion is not lost where the one before it never comes', async () => {
  const sequence = new Sequence()
  const log: string[] = []
  starting(sequence)
  const second = starting(sequence)
  expect(sequence.release()).toBe(false)
  second(() => log.push('second'))
  expect(sequence.release()).toBe(true)
  expect(log).toEqual(['second'])
  await turn()
  starting(sequence)
  starting(sequence)(() => log.push('last'))
  sequence.close()
  expect(log).toEqual(['second', 'last'])
})

test('a write that is flushed ends, although it waits for a part of itself', async () => {
  const handle = await open(file('a'))
  await handle.close()
  const trial = await follow(() => writeFile(file('flushed'), 'all of it', { flush: true } as object))
  expect(trial.end).toEqual({ kind: 'settled' })
})

test('work on files begins when that before it has ended, heard of or not', () => {
  const sequence = new Sequence()
  const log: string[] = []
  starting(sequence)
  const ends: Complete[] = []
  for (const name of inOrder) {
    sequence.startOnFiles((complete) => {
      log.push(name)
      ends.push(complete)
    })
  }
  expect(log).toEqual(['a'])
  ends[0]?.(() => log.push('a is heard of'))
  expect(log).toEqual(['a', 'b'])
})

test('work on files that waits begins where that before it never ends, or with the end of the trial', () => {
  const sequence = new Sequence()
  const log: string[] = []
  for (const name of [...inOrder, 'd']) sequence.startOnFiles(() => log.push(name))
  expect(sequence.release()).toBe(true)
  expect(log).toEqual(['a', 'b'])
  sequence.close()
  expect(log).toEqual(['a', 'b', 'c', 'd'])
})

test('work on files that throws at once leaves nothing that others wait for', () => {
  const sequence = new Sequence()
  const log: string[] = []
  const fail = () => {
    throw new TypeError('no such argument')
  }
  expect(() => sequence.startOnFiles(fail)).toThrow('no such argument')
  sequence.startOnFiles((complete) => complete(() => log.push('done')))
  expect(log).toEqual(['done'])
})

test('what a rename finds does not hang on how long the write beside it takes, 50 times over', async () => {
  const found = new Set<unknown>()
  for (let repetition = 0; repetition < 50; repetition++) {
    fs.writeFileSync(file('draft'), 'the one before')
    const trial = await follow(async () => {
      const written = writeFile(file('draft'), Buffer.alloc(3_000_000))
      await Promise.all([written, rename(file('draft'), file('final'))])
      return [fs.statSync(file('final')).size, fs.existsSync(file('draft'))]
    })
    found.add(JSON.stringify(trial.answer))
  }
  expect([...found]).toEqual(['[3000000,false]'])
})

test('a pipe that is silent holds up no work on files', async () => {
  execFileSync('mkfifo', [file('pipe')])
  const trial = await follow(async () => {
    const pipe = fs.openSync(file('pipe'), 'r+')
    const heard = promisify(fs.read)(pipe, Buffer.alloc(2), 0, 2, null)
    await promisify(fs.write)(pipe, Buffer.from('hi'), 0, 2, null)
    const { bytesRead } = await heard
    fs.closeSync(pipe)
    return bytesRead
  })
  expect(trial.answer).toBe(2)
})

test('arguments that are wrong are told to the caller, or to its callback where the call had to wait', async () => {
  const wrong = (callback: (error: unknown) => void) => fs.rename(7 as never, file('x'), callback)
  const trial = await follow(async () => {
    expect(() => wrong(() => {})).toThrow('must be of type string')
    const written = writeFile(file('draft'), 'text')
    const error = await new Promise((resolve) => wrong(resolve))
    await written
    return String(error)
  })
  expect(trial).toMatchObject({ answer: expect.stringContaining('must be of type string'), error: undefined })
})
