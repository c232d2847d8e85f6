import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, test } from 'vitest'
import { epochMs, VirtualClock } from '../../../harness/sandbox/clock.js'

function recording() {
  const clock = new VirtualClock()
  const log: string[] = []
  const note = (what: unknown) => void log.push(`${what}@${clock.now()}`)
  const run = (firings = 100) => {
    for (let left = firings; left > 0 && clock.nextAt() !== undefined; left--) clock.fireNext()
    return log
  }
  return { clock, note, run }
}

test('time stands still until a timer fires', () => {
  const clock = new VirtualClock()
  clock.setTimeout(() => {}, 600_000)
  expect([clock.now(), clock.wallNow(), clock.nextAt()]).toEqual([0, epochMs, 600_000])
  clock.fireNext()
  expect([clock.now(), clock.wallNow(), clock.nextAt()]).toEqual([600_000, epochMs + 600_000, undefined])
})

test('timers fire by time, and in the order in which they were set where times are equal', () => {
  const { clock, note, run } = recording()
  for (const [name, ms] of [
    ['c', 30],
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
    ['a2', 10],
  ] as const)
    clock.setTimeout(note, ms, name)
  expect(run()).toEqual(['a@10', 'a2@10', 'b1@20', 'b2@20', 'c@30'])
})

test.each([
  [0, 1],
  [-5, 1],
  [undefined, 1],
  ['20', 20],
  [Number.NaN, 1],
  [2 ** 31, 1],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [1.9, 1],
])('a delay of %s is %s ms, as in Node', (given, expected) => {
  const clock = new VirtualClock()
  clock.setTimeout(() => {}, given)
  expect(clock.nextAt()).toBe(expected)
})

test('an interval repeats until it is cleared, also from within', () => {
  const { clock, note, run } = recording()
  let ticks = 0
  const interval = clock.setInterval(() => {
    note('tick')
    if (++ticks === 3) clock.clear(interval)
  }, 5)
  expect(run()).toEqual(['tick@5', 'tick@10', 'tick@15'])
})

test('an interval goes on although its callback throws', () => {
  const clock = new VirtualClock()
  clock.setInterval(() => {
    throw new Error('from the callback')
  }, 5)
  expect(() => clock.fireNext()).toThrow('from the callback')
  expect(clock.nextAt()).toBe(10)
})

test('a timer can be cleared by itself, by its number and by its number as text', () => {
  const { clock, note, run } = recording()
  clock.clear(clock.setTimeout(note, 1))
  clock.clear(+clock.setTimeout(note, 1))
  clock.clear(String(+clock.setTimeout(note, 1)))
  clock.setTimeout(note, 1).close()
  clock.setTimeout(note, 1)[Symbol.dispose]()
  for (const nothing of [undefined, null, 7, 'x', {}]) clock.clear(nothing)
  expect(run()).toEqual([])
})

test('refresh starts the delay anew, also after firing, but not after clearing', () => {
  const { clock, note, run } = recording()
  const timer = clock.setTimeout(note, 10, 'refreshed')
  clock.setTimeout(() => timer.refresh(), 5)
  clock.setTimeout(() => timer.refresh(), 40)
  const cleared = clock.setTimeout(note, 10, 'cleared')
  clock.clear(cleared)
  cleared.refresh()
  expect(run()).toEqual(['refreshed@15', 'refreshed@50'])
})

test('ref and unref are kept and change nothing: unreferenced timers advance time like others', () => {
  const { clock, note, run } = recording()
  const timer = clock.setTimeout(note, 10, 'fired').unref()
  expect([timer.hasRef(), timer.ref().hasRef(), timer.unref().hasRef()]).toEqual([false, true, false])
  expect(run()).toEqual(['fired@10'])
})

test('callbacks run in the async context in which the timer was set, with the timer as this', () => {
  const clock = new VirtualClock()
  const storage = new AsyncLocalStorage<string>()
  const seen: unknown[] = []
  const timer = storage.run('inner', () =>
    clock.setTimeout(function (this: unknown) {
      seen.push(storage.getStore(), this)
    }, 1),
  )
  storage.run('outer', () => clock.fireNext())
  expect(seen).toEqual(['inner', timer])
})

test('what the world waits for is not held by the agent, and what the agent has set is', () => {
  const clock = new VirtualClock()
  void clock.sleep(1_000)
  void clock.sleepOn(1_000)
  clock.setTimeout(() => {}, 20).unref()
  expect(clock.heldTimers()).toEqual([])
  clock.fireNext()
  clock.setTimeout(() => {}, 30)
  clock.setInterval(() => {}, 7)
  expect(clock.heldTimers()).toEqual([
    { what: 'timers', count: 1, longestMs: 30 },
    { what: 'intervals', count: 1, longestMs: 7 },
  ])
})

test('the lengths that timers were set for are known, each once and in order', () => {
  const clock = new VirtualClock()
  for (const ms of [30, 5, 30, undefined]) clock.setTimeout(() => {}, ms)
  clock.setInterval(() => {}, 7)
  expect(clock.waits()).toEqual([1, 5, 30])
})

test('what is set once the process has ended never fires, but for what the world waits for', async () => {
  const { clock, note, run } = recording()
  clock.setTimeout(note, 5, 'before')
  clock.processEnded()
  clock.setTimeout(note, 10, 'meanwhile')
  const woken = clock.sleepOn(15).then(() => note('the world'))
  clock.processBegins()
  clock.setTimeout(note, 20, 'after')
  expect(run()).toEqual(['after@20'])
  await woken
  expect(run()).toEqual(['after@20', 'the world@20'])
})

test('intervals alone are told from timers for one shot', () => {
  const clock = new VirtualClock()
  expect(clock.onlyIdleness()).toBe(false)
  clock.setInterval(() => {}, 1)
  const timeout = clock.setTimeout(() => {}, 1)
  expect(clock.onlyIdleness()).toBe(false)
  clock.clear(timeout)
  expect(clock.onlyIdleness()).toBe(true)
})

test('a jump moves the wall clock and neither monotonic time nor timers', () => {
  const clock = new VirtualClock()
  clock.setTimeout(() => {}, 10)
  clock.jump(-3_600_000)
  expect([clock.now(), clock.wallNow(), clock.nextAt()]).toEqual([0, epochMs - 3_600_000, 10])
})

test('a stopped clock fires nothing, neither what was set before nor what is set later', () => {
  const { clock, note, run } = recording()
  clock.setTimeout(note, 1)
  clock.setInterval(note, 1)
  clock.stop()
  clock.setTimeout(note, 1)
  expect(clock.nextAt()).toBeUndefined()
  expect(run()).toEqual([])
})

test('sleep resolves in virtual time, at once for 0 ms, and rejects on abort without leaving a timer', async () => {
  const clock = new VirtualClock()
  await clock.sleep(0)
  const slept = clock.sleep(50)
  clock.fireNext()
  await slept
  const controller = new AbortController()
  const aborted = clock.sleep(50, controller.signal)
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  await expect(clock.sleep(50, controller.signal)).rejects.toThrow('enough')
  expect([clock.now(), clock.nextAt()]).toEqual([50, undefined])
})

test('the world waits no time at all where it is to wait for none', async () => {
  const clock = new VirtualClock()
  await clock.sleepOn(0)
  await clock.sleepOn(-1)
  expect(clock.nextAt()).toBeUndefined()
})

test('a clock waits for nothing without timers, or with those of idle connections alone', () => {
  const clock = new VirtualClock()
  expect(clock.waitsForNothing()).toBe(true)
  let isIdle = true
  clock.setIdleTimeout(
    () => {},
    5,
    () => isIdle,
  )
  expect(clock.waitsForNothing()).toBe(true)
  isIdle = false
  expect(clock.waitsForNothing()).toBe(false)
})

test('ten thousand timers, set in any order, fire in order', () => {
  const clock = new VirtualClock()
  const fired: number[] = []
  for (let index = 0; index < 10_000; index++) clock.setTimeout(() => fired.push(clock.now()), (index * 7_919) % 10_007)
  while (clock.nextAt() !== undefined) clock.fireNext()
  expect(fired).toHaveLength(10_000)
  expect(fired).toEqual([...fired].sort((left, right) => left - right))
})

test('whoever only looks at the clock sees time pass at last, and timers never take it back', () => {
  const { clock, note } = recording()
  clock.setTimeout(note, 30)
  for (let reading = 0; reading < 50_000; reading++) clock.observe()
  expect(clock.now()).toBe(0)
  while (clock.observe().now() < 50);
  clock.fireNext()
  expect(clock.now()).toBe(50)
  for (let reading = 0; reading < 50_000; reading++) clock.observe()
  expect(clock.now()).toBe(50)
})
