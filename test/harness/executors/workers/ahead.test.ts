/** That a process which was started ahead is handed over once, and only to whoever would have started it so. */
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
let ahead: typeof import('../../../../harness/executors/workers/ahead.js')

beforeEach(async () => {
  started.length = 0
  endWorker.mockClear()
  vi.resetModules()
  ahead = await import('../../../../harness/executors/workers/ahead.js')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('is handed over with its mark, once', () => {
  ahead.startAhead(wanted)
  const first = ahead.takeWorker(wanted)
  const second = ahead.takeWorker(wanted)
  expect([first.child, second.child]).toEqual(started)
  expect(first.mark).not.toBe(second.mark)
  expect(endWorker).not.toHaveBeenCalled()
})

it.each([
  ['memory', { ...wanted, memoryMax: 256 }],
  ['output', { ...wanted, output: 'show' }],
  ['network', { ...wanted, networkNamespace: true }],
] as const)('is ended where another %s is wanted', (_what, other) => {
  ahead.startAhead(wanted)
  const { child } = ahead.takeWorker(other)
  expect(started).toHaveLength(2)
  expect(child).toBe(started[1])
  expect(endWorker.mock.calls).toEqual([[started[0]]])
})

it('is ended where the environment has changed since, as a configuration file may change it', () => {
  ahead.startAhead(wanted)
  vi.stubEnv('SHOP_URL', 'https://shop.test')
  expect(ahead.takeWorker(wanted).child).toBe(started[1])
  expect(endWorker.mock.calls).toEqual([[started[0]]])
})

it.each(['error', 'exit'])('is not handed over once it is gone (%s)', (event) => {
  ahead.startAhead(wanted)
  started[0]?.emit(event, new Error('spawn EAGAIN'))
  expect(ahead.takeWorker(wanted).child).toBe(started[1])
})

it('ends with this process where nobody took it, and not where somebody did', () => {
  const before = process.listeners('exit')
  ahead.startAhead(wanted)
  const [onExit] = process.listeners('exit').filter((listener) => !before.includes(listener))
  ahead.takeWorker(wanted)
  onExit?.call(process, 0)
  expect(endWorker).not.toHaveBeenCalled()

  ahead.startAhead(wanted)
  for (const listener of process.listeners('exit').filter((each) => !before.includes(each))) {
    process.off('exit', listener)
    listener.call(process, 0)
  }
  expect(endWorker.mock.calls).toEqual([[started[1]]])
})
