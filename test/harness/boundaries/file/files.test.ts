/** Every way in which Node writes to a file is one crossing, and is torn where the plan has it. */
import fs, { constants } from 'node:fs'
import fsp from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stubFiles } from '../../../../harness/boundaries/file/stubs.js'
import { installStubs } from '../../../../harness/sandbox/ambient.js'
import { real } from '../../../../harness/sandbox/real.js'
import { inDirectory, type Planned } from '../../../support/boundaries/files-trial.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs([stubFiles])
})
afterAll(() => uninstall())

const text = 'hello world'
const bytes = Buffer.from(text)
const before = '0123456789ABCDEF'

/** A way to write `text` to a file, and what the file then holds where the first bytes of it alone were written. */
interface Way {
  readonly name: string
  readonly asked: string
  readonly opens: boolean
  readonly write: (path: string) => Promise<unknown>
  readonly lands: (writeAlone: string) => string
}

type Write = Way['write']
const replacing = (name: string, write: Write): Way => ({ name, asked: 'write', opens: true, write, lands: (x) => x })
const appending = (name: string, write: Write): Way => ({
  name,
  asked: 'append',
  opens: true,
  write,
  lands: (writeAlone) => before + writeAlone,
})
/** Through a descriptor that was opened with `flags`; what it reports stands for nothing being refused on opening. */
const openWith = (name: string, flags: 'w' | 'a' | 'r+', write: Write, asked = 'write', position = 0): Way => ({
  name,
  asked,
  opens: false,
  write,
  lands: (writeAlone) => {
    if (flags === 'w') return writeAlone
    if (flags === 'a') return before + writeAlone
    return before.slice(0, position) + writeAlone + before.slice(position + writeAlone.length)
  },
})

/** Opens, writes and closes, whatever becomes of the write. */
const through =
  (flags: string, write: (fd: number) => unknown): Write =>
  async (path) => {
    const fd = fs.openSync(path, flags)
    try {
      return await write(fd)
    } finally {
      fs.closeSync(fd)
    }
  }
const throughCallbacks =
  (flags: string, write: (fd: number) => Promise<unknown>): Write =>
  async (path) => {
    const fd = await promisify(fs.open)(path, flags)
    try {
      return await write(fd)
    } finally {
      await promisify(fs.close)(fd)
    }
  }
const throughHandle =
  (flags: string | number, write: (handle: fsp.FileHandle) => Promise<unknown>): Write =>
  async (path) => {
    const handle = await fsp.open(path, flags)
    try {
      return await write(handle)
    } finally {
      await handle.close()
    }
  }
const settle = (start: (callback: (error: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
const through16 = new Uint16Array(new Uint8Array([...bytes, 0]).buffer, 0, 5)

const turn = () => new Promise<void>((resolve) => real.setImmediate(() => resolve()))

function factsOf(error: unknown) {
  const { code, syscall, message } = error as NodeJS.ErrnoException
  return { code, syscall, message }
}

async function* chunks() {
  yield 'hello'
  yield Buffer.from(' wor')
  yield new DataView(new Uint8Array(Buffer.from('ld')).buffer)
}

const ways: readonly Way[] = [
  replacing('fs.writeFile', (path) => settle((done) => fs.writeFile(path, text, done))),
  replacing('fs.writeFile with an encoding', (path) =>
    settle((done) => fs.writeFile(path, bytes.toString('hex'), 'hex', done)),
  ),
  replacing('fs.writeFile of a URL', (path) =>
    settle((done) => fs.writeFile(pathToFileURL(path), bytes, { mode: 0o600 }, done)),
  ),
  replacing('promisify(fs.writeFile)', (path) => promisify(fs.writeFile)(path, bytes)),
  replacing('fs.writeFileSync of a text', async (path) => fs.writeFileSync(path, text)),
  replacing('fs.writeFileSync of a view', async (path) =>
    fs.writeFileSync(Buffer.from(path), new DataView(new Uint8Array(bytes).buffer)),
  ),
  replacing('promises.writeFile', (path) => fsp.writeFile(path, text, { encoding: 'utf8' })),
  replacing('promises.writeFile of an array', (path) => fsp.writeFile(path, ['hello ', 'world'])),
  replacing('promises.writeFile of an iterable', (path) => fsp.writeFile(path, chunks())),
  replacing('promises.writeFile of a stream', (path) => fsp.writeFile(path, Readable.from(chunks()))),
  appending('fs.appendFile', (path) => settle((done) => fs.appendFile(path, text, done))),
  appending('fs.appendFileSync', async (path) => fs.appendFileSync(path, bytes)),
  appending('promises.appendFile', (path) => fsp.appendFile(path, text)),
  appending('fs.writeFile with the flag a', (path) => settle((done) => fs.writeFile(path, text, { flag: 'a' }, done))),
  appending('fs.writeFileSync with the flag as', async (path) => fs.writeFileSync(path, text, { flag: 'as' })),
  openWith(
    'fs.writeFile of a descriptor',
    'w',
    throughCallbacks('w', (fd) => promisify(fs.writeFile)(fd, text)),
  ),
  openWith(
    'fs.writeFileSync of a descriptor',
    'a',
    through('a', (fd) => fs.writeFileSync(fd, text)),
  ),
  openWith(
    'fs.appendFile of a descriptor',
    'a',
    throughCallbacks('a', (fd) => promisify(fs.appendFile)(fd, text)),
    'append',
  ),
  openWith(
    'fs.write of a view',
    'w',
    throughCallbacks('w', (fd) => settle((done) => fs.write(fd, bytes, done))),
  ),
  openWith(
    'fs.write of a slice at a position',
    'r+',
    throughCallbacks('r+', (fd) => settle((done) => fs.write(fd, Buffer.from(`<<${text}>>`), 2, 11, 3, done))),
    'write at 3',
    3,
  ),
  openWith(
    'fs.write with options',
    'r+',
    throughCallbacks('r+', (fd) =>
      settle((done) => fs.write(fd, Buffer.from(`<${text}`), { offset: 1, position: 2 }, done)),
    ),
    'write at 2',
    2,
  ),
  openWith(
    'fs.write of a text',
    'a',
    throughCallbacks('a', (fd) => settle((done) => fs.write(fd, text, done))),
  ),
  openWith(
    'fs.write of a text at a position',
    'r+',
    throughCallbacks('r+', (fd) => settle((done) => fs.write(fd, bytes.toString('base64'), 4, 'base64', done))),
    'write at 4',
    4,
  ),
  openWith(
    'promisify(fs.write)',
    'w',
    throughCallbacks('w+', (fd) => promisify(fs.write)(fd, bytes, 0, 11, null)),
  ),
  openWith(
    'fs.writev',
    'w',
    throughCallbacks('w', (fd) => promisify(fs.writev)(fd, [bytes.subarray(0, 4), bytes.subarray(4)])),
  ),
  openWith(
    'fs.writeSync of a view',
    'w',
    through('w+', (fd) => fs.writeSync(fd, bytes)),
  ),
  openWith(
    'fs.writeSync of a text at a position',
    'r+',
    through('r+', (fd) => fs.writeSync(fd, text, 5)),
    'write at 5',
    5,
  ),
  openWith(
    'fs.writevSync at a position',
    'r+',
    through('rs+', (fd) => fs.writevSync(fd, [bytes], 1)),
    'write at 1',
    1,
  ),
  openWith(
    'handle.write',
    'w',
    throughHandle('w', (handle) => handle.write(bytes)),
  ),
  openWith(
    'handle.write of a text at a position',
    'r+',
    throughHandle(constants.O_RDWR, (handle) => handle.write(text, 2)),
    'write at 2',
    2,
  ),
  openWith(
    'handle.writev',
    'a',
    throughHandle('a', (handle) => handle.writev([bytes.subarray(0, 1), bytes.subarray(1)])),
  ),
  openWith(
    'handle.writeFile',
    'w',
    throughHandle('w', (handle) => handle.writeFile(text)),
  ),
  openWith(
    'promises.writeFile of a handle and an iterable',
    'w',
    throughHandle('w', (handle) => fsp.writeFile(handle, chunks())),
  ),
  openWith(
    'handle.appendFile',
    'a',
    throughHandle('a', (handle) => handle.appendFile(text)),
    'append',
  ),
  openWith(
    'promises.writeFile of a handle',
    'w',
    throughHandle('w', (handle) => fsp.writeFile(handle, bytes)),
  ),
  openWith('createWriteStream', 'w', (path) =>
    settle((done) =>
      fs
        .createWriteStream(path)
        .on('error', done)
        .on('close', () => done(null))
        .end(text),
    ),
  ),
  openWith(
    'createWriteStream at a position',
    'r+',
    (path) => pipeline([text], fs.createWriteStream(path, { flags: 'r+', start: 3 })),
    'write at 3',
    3,
  ),
  openWith('createWriteStream to append', 'a', (path) => pipeline([text], fs.createWriteStream(path, { flags: 'a' }))),
  openWith('a stream of a handle', 'w', async (path) =>
    pipeline([text], (await fsp.open(path, 'w')).createWriteStream()),
  ),
]

/** Writes in one way under a plan; what the writer saw is the answer or the error. */
async function writeAlone(way: Way, planned: Planned = []) {
  return inDirectory(async ({ at, put }) => {
    put('report.md', before)
    return way.write(at('report.md'))
  }, planned)
}

/** What `look` sees of every way, by its name: one test for all of them, as each test costs a pause of the runner's. */
async function ofEvery<T>(look: (way: Way) => Promise<T>): Promise<Record<string, T>> {
  const seen: Record<string, T> = {}
  for (const way of ways) seen[way.name] = await look(way)
  return seen
}

describe('every way to write', () => {
  it('is one crossing of the file, which nothing disturbs', async () => {
    const seen = await ofEvery(async (way) => {
      const { end, error, crossed, left } = await writeAlone(way)
      return {
        end,
        error,
        crossed: crossed.map(({ opening: { argument: _, identity: _identity, ...facts }, outcome }) => ({
          ...facts,
          outcome,
        })),
        left,
      }
    })
    const digest = expect.stringMatching(/^[0-9a-f]{16}$/) as string
    const expected = await ofEvery(async (way) => ({
      end: { kind: 'settled' },
      error: undefined,
      crossed: [
        {
          target: 'report.md',
          request: { kind: 'file', asked: way.asked, path: 'report.md', content: { bytes: 11, digest, text } },
          traits: way.opens ? ['bytes', 'opens'] : ['bytes'],
          parent: 7,
          outcome: { kind: 'ok', output: { bytes: 11 } },
        },
      ],
      left: { 'report.md': way.lands(text) },
    }))
    expect(seen).toEqual(expected)
  })

  it.each([
    [0, 0],
    [0.1, 1],
    [0.5, 5],
    [0.95, 10],
    [1, 10],
  ])('torn at %d leaves its first %i bytes where they belong and fails with ENOSPC', async (share, count) => {
    const seen = await ofEvery(async (way) => {
      const { end, error, crossed, left } = await writeAlone(way, [[{ kind: 'tear', at: share, code: 'no-space' }]])
      return { end, ...factsOf(error), struck: crossed.map(({ struck }) => struck), outcome: crossed[0]?.outcome, left }
    })
    const message = 'ENOSPC: no space left on device, write'
    const expected = await ofEvery(async (way) => ({
      end: { kind: 'settled' },
      code: 'ENOSPC',
      syscall: 'write',
      message,
      struck: [1],
      outcome: {
        kind: 'failed',
        failure: { kind: 'error', code: 'no-space' },
        error: { name: 'Error', message, code: 'ENOSPC' },
        class: 'resource',
      },
      left: { 'report.md': way.lands(text.slice(0, count)) },
    }))
    expect(seen).toEqual(expected)
  })

  it('that is refused access changes nothing that was not changed by opening', async () => {
    const seen = await ofEvery(async (way) => {
      const { error, left } = await writeAlone(way, [[{ kind: 'tear', at: 0, code: 'access-denied' }]])
      return [factsOf(error).code, factsOf(error).syscall, left['report.md']]
    })
    const expected = await ofEvery(async ({ opens, lands }) =>
      opens ? ['EACCES', 'open', before] : ['EACCES', 'write', lands('')],
    )
    expect(seen).toEqual(expected)
  })

  it.each(['before', 'during', 'after'] as const)('that the agent crashes %s is never heard of', async (phase) => {
    const seen = await ofEvery(async (way) => {
      let heard = false
      const { end, crossed, left } = await inDirectory(
        async ({ at, put, crossings }) => {
          put('report.md', before)
          const hear = () => {
            heard = true
          }
          way.write(at('report.md')).then(hear, hear)
          while (!crossings.frozen) await turn()
          // What would still tell the agent has its chance.
          for (let turns = 0; turns < 20; turns++) await turn()
        },
        [[{ kind: 'crash', phase }]],
      )
      return { end, heard, outcomes: crossed.map(({ struck, outcome }) => [struck, outcome]), left: left['report.md'] }
    })
    const expected = await ofEvery(async (way) => ({
      end: { kind: 'settled' },
      // Synchronous code cannot be stopped in any other way than by throwing.
      heard: /Sync/.test(way.name),
      outcomes: [[1, phase === 'after' ? { kind: 'ok', output: { bytes: 11 } } : undefined]],
      left: {
        before: way.opens ? before : way.lands(''),
        during: way.lands(text.slice(0, 5)),
        after: way.lands(text),
      }[phase],
    }))
    expect(seen).toEqual(expected)
  })
})

it('takes every kind of view for the bytes that it shows', async () => {
  const { left, crossed } = await inDirectory(async ({ at }) => {
    await fsp.writeFile(at('a'), through16)
    fs.writeFileSync(at('b'), through16)
    await fsp.writeFile(at('c'), [through16])
  })
  expect(left).toEqual({ a: 'hello worl', b: 'hello worl', c: 'hello worl' })
  expect(crossed.map(({ outcome }) => outcome)).toEqual(Array(3).fill({ kind: 'ok', output: { bytes: 10 } }))
})
