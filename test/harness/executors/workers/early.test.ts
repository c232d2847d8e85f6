/** That a process which was started early is handed over once, and only to whoever would have started it so. */
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const started: EventEmitter[] = []
const endWorker = vi.fn()
vi.mock('../../../../harness/executors/workers/start-worker.js', () => ({
  startWorker: () => {
    const child = new EventEmitter()
    started.push(child)
    return child
  },
  endWorker: (child: EventEmitter) => endWorker(child),
  hold: () => {},
}))
vi.mock('../../../../harness/executors/workers/reaper.js', () => {
  let marks = 0
  return { nextMark: () => `mark-${++marks}` }
})

const wanted = { memoryMax: 512, output: 'discard' } as const
let early: typeof import('../../../../harness/executors/workers/early.js')

beforeEach(async () => {
  started.length = 0
  endWorker.mockClear()
  vi.resetModules()
  early = await import('../../../../harness/executors/workers/early.js')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('is handed over with its mark, once', () => {
  early.startEarly(wanted)
  const first = early.takeWorker(wanted)
  const second = early.takeWorker(wanted)
  expect([first.child, second.child]).toEqual(started)
  expect(first.mark).not.toBe(second.mark)
  expect(endWorker).not.toHaveBeenCalled()
})

it.each([
  ['memory', { ...wanted, memoryMax: 256 }],
  ['output', { ...wanted, output: 'show' }],
  ['network', { ...wanted, networkNamespace: true }],
] as const)('is ended where another %s is wanted', (_what, other) => {
  early.startEarly(wanted)
  const { child } = early.takeWorker(other)
  expect(started).toHaveLength(2)
  expect(child).toBe(started[1])
  expect(endWorker.mock.calls).toEqual([[started[0]]])
})

it('is ended where the environment has changed since, as a configuration file may change it', () => {
  early.startEarly(wanted)
  vi.stubEnv('SHOP_URL', 'https://shop.test')
  expect(early.takeWorker(wanted).child).toBe(started[1])
  expect(endWorker.mock.calls).toEqual([[started[0]]])
})

it.each(['error', 'exit'])('is not handed over once it is gone (%s)', (event) => {
  early.startEarly(wanted)
  started[0]?.emit(event, new Error('spawn EAGAIN'))
  expect(early.takeWorker(wanted).child).toBe(started[1])
})

it('ends with this process where nobody took it, and not where somebody did', () => {
  const before = process.listeners('exit')
  early.startEarly(wanted)
  const [onExit] = process.listeners('exit').filter((listener) => !before.includes(listener))
  early.takeWorker(wanted)
  onExit?.call(process, 0)
  expect(endWorker).not.toHaveBeenCalled()

  early.startEarly(wanted)
  for (const listener of process.listeners('exit').filter((each) => !before.includes(each))) {
    process.off('exit', listener)
    listener.call(process, 0)
  }
  expect(endWorker.mock.calls).toEqual([[started[1]]])
})
