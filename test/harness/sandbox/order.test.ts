import { AsyncLocalStorage } from 'node:async_hooks'
import { execFileSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import { mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
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

test('compression by streams keeps its order, whoever made the streams, and errors keep it too', async () => {
  const bytes: Record<string, Buffer> = { a: Buffer.alloc(2_000_000), b: Buffer.alloc(10), c: Buffer.alloc(10_000) }
  const of = (name: string) => bytes[name] ?? Buffer.alloc(0)
  const through = (stream: zlib.Gzip | zlib.BrotliCompress) => async (name: string) => {
    for await (const _ of Readable.from([of(name)]).pipe(stream));
  }
  expect(await orders(20, (name) => through(zlib.createGzip())(name))).toEqual(['a,b,c'])
  const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }
  expect(await orders(20, (name) => through(zlib.createBrotliCompress(quick))(name))).toEqual(['a,b,c'])
  const web = (name: string) => new Response(new Blob([of(name)]).stream().pipeThrough(new CompressionStream('gzip')))
  expect(await orders(20, (name) => web(name).arrayBuffer())).toEqual(['a,b,c'])
  const zipped: Record<string, Buffer> = { a: zlib.gzipSync(of('a')), b: Buffer.from('no gzip'), c: zlib.gzipSync('c') }
  // In one piece each: pieces of a long one take turns with the others.
  const whole = { chunkSize: 4_000_000 }
  const unzip = (name: string) => promisify<Buffer, object, Buffer>(zlib.gunzip)(zipped[name] ?? Buffer.alloc(0), whole)
  // What fails has no end to wait for.
  expect(await orders(20, (name) => unzip(name).catch(({ code }) => expect(code).toBe('Z_DATA_ERROR')))).toEqual([
    'b,a,c',
  ])
})

test('a stream that compresses is done with, whether its owner waits for it or not', async () => {
  const trial = await follow(async () => {
    const [left, kept] = [zlib.createGzip(), zlib.createGzip()]
    left.write(Buffer.alloc(2_000_000))
    kept.end('kept')
    left.destroy()
    const pieces: Buffer[] = []
    for await (const piece of kept) pieces.push(piece)
    return zlib.gunzipSync(Buffer.concat(pieces)).toString()
  })
  expect(trial).toMatchObject({ end: { kind: 'settled' }, answer: 'kept' })
})

test('what is flushed to the disk is done in the order in which that was asked for', async () => {
  const flush = (by: 'sync' | 'datasync') => async (name: string) => {
    const handle = await open(file(`flushed ${name}`), 'w')
    try {
      fs.writeSync(handle.fd, Buffer.alloc(name === 'a' ? 4_000_000 : 1))
      await handle[by]()
    } finally {
      await handle.close()
    }
  }
  expect(await orders(20, flush('sync'))).toEqual(['a,b,c'])
  expect(await orders(20, flush('datasync'))).toEqual(['a,b,c'])
})

test('directories are gone through in the order in which that was asked for, by callbacks and promises', async () => {
  for (const name of inOrder) fs.mkdirSync(file(`directory ${name}`))
  for (let number = 0; number < 1_000; number++) fs.writeFileSync(file(`directory a/${number}`), '')
  const all = { bufferSize: 10_000 }
  const iterate = async (name: string) => {
    for await (const _ of await fs.promises.opendir(file(`directory ${name}`), all));
  }
  // Each entry is a call of its own, so the longest is done last.
  expect(await orders(20, iterate)).toEqual(['b,c,a'])
  const first = async (name: string) => {
    const open = (path: string, done: (error: Error | null, directory: fs.Dir) => void) => fs.opendir(path, all, done)
    const directory = await promisify(open)(file(`directory ${name}`))
    await new Promise((resolve) => directory.read(resolve))
    await directory.close()
  }
  expect(await orders(20, first)).toEqual(['a,b,c'])
  expect(await orders(20, (name) => promisify(fs.realpath.native)(file(`directory ${name}`)))).toEqual(['a,b,c'])
  fs.rmSync(file('directory a'), { recursive: true })
  for (const name of ['b', 'c']) fs.rmdirSync(file(`directory ${name}`))
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
  expect(trial).toMatchObject({ end: { kind: 'settled' }, error: undefined })
  expect(trial.answer).toEqual(fs.readdirSync(directory).sort())
  expect(trial.answer).toEqual(expect.arrayContaining(inOrder))
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

test('it is known whether work on files is under way', () => {
  const sequence = new Sequence()
  const ends: Complete[] = []
  expect(sequence.isOnFiles).toBe(false)
  sequence.startOnFiles((complete) => ends.push(complete))
  expect(sequence.isOnFiles).toBe(true)
  ends[0]?.(() => {})
  expect(sequence.isOnFiles).toBe(false)
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
