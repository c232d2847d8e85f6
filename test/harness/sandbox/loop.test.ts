import { afterAll, beforeAll, expect, test } from 'vitest'
import { installStubs } from '../../../harness/sandbox/ambient.js'
import { real } from '../../../harness/sandbox/real.js'
import { shared } from '../../../harness/sandbox/shared.js'
import { follow } from '../../support/sandbox/trial.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs()
})
afterAll(() => uninstall())

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const never = () => new Promise<never>(() => {})

test('an agent that waits for nothing settles at time zero', async () => {
  expect(await follow(async () => 'done')).toMatchObject({ end: { kind: 'settled' }, answer: 'done', endedAtMs: 0 })
})

test('a timer of ten minutes fires within a limit of seconds of real time', async () => {
  const trial = await follow(() => sleep(600_000))
  expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 600_000 })
})

test('an agent that waits for nothing that could come is a deadlock, found at its last event', async () => {
  const trial = await follow(async () => {
    await sleep(30)
    await never()
  })
  expect(trial).toMatchObject({ end: { kind: 'deadlock' }, endedAtMs: 30 })
})

test('a timer beyond the horizon does not fire', async () => {
  let fired = false
  const trial = await follow(
    async () => {
      await sleep(1_001)
      fired = true
    },
    { horizonMs: 1_000 },
  )
  expect(trial).toMatchObject({ end: { kind: 'horizon' }, endedAtMs: 0 })
  expect(fired).toBe(false)
})

test('an endless interval ends at the horizon where the agent does not answer, and is idleness where it did', async () => {
  const waiting = await follow(
    async () => {
      setInterval(() => {}, 100)
      await never()
    },
    { horizonMs: 1_000 },
  )
  expect(waiting).toMatchObject({ end: { kind: 'horizon' }, endedAtMs: 1_000 })
  const answered = await follow(async () => void setInterval(() => {}, 100))
  expect(answered).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 0 })
})

test('endless timers of an agent that does not answer end at their most, however early that is', async () => {
  let fired = 0
  const again = () => {
    fired++
    setTimeout(again, 1)
  }
  const trial = await follow(
    () => {
      setTimeout(again, 1)
      return never()
    },
    { firingsMax: 50 },
  )
  expect(trial).toMatchObject({ end: { kind: 'horizon' }, endedAtMs: 50 })
  expect(fired).toBe(50)
})

test('what the agent left behind for after the horizon is not waited for', async () => {
  let fired = false
  const later = () => {
    fired = true
  }
  const trial = await follow(async () => void setTimeout(later, 5_000), { horizonMs: 1_000 })
  expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 0 })
  expect(fired).toBe(false)
})

test('what the agent left behind is drained after it has answered', async () => {
  const log: string[] = []
  await follow(async () => {
    setTimeout(() => setTimeout(() => log.push('left behind'), 1_000), 1_000)
    log.push('answered')
  })
  expect(log).toEqual(['answered', 'left behind'])
})

test('endless timers after the answer are cut off', async () => {
  let fired = 0
  const again = () => {
    fired++
    setTimeout(again, 1)
  }
  const trial = await follow(async () => again(), { horizonMs: 1e9 })
  expect(trial.end).toEqual({ kind: 'settled' })
  expect(fired).toBe(10_001)
})

test('real work that does not end is reported as stuck, with its resources', async () => {
  const { createServer, connect } = await import('node:net')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const trial = await follow(
    async () => {
      const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
      setTimeout(() => {}, 10)
      await new Promise((resolve) => socket.once('data', resolve))
    },
    { realLimitMs: 50 },
  )
  expect(trial.end).toMatchObject({ kind: 'stuck' })
  expect(trial.end.kind === 'stuck' ? trial.end.resources.length : 0).toBeGreaterThan(0)
  expect(trial.endedAtMs).toBe(0)
})

test('a loop of immediates that waits for a timer is stuck and not a wrong verdict', async () => {
  let over = false
  const spin = () => {
    if (!over) setImmediate(spin)
  }
  const trial = await follow(
    async () => {
      spin()
      await sleep(10)
    },
    { realLimitMs: 30 },
  )
  over = true
  expect(trial).toMatchObject({ end: { kind: 'stuck' }, endedAtMs: 0 })
})

test('a loop of immediates that looks at the clock sees time pass', async () => {
  const trial = await follow(async () => {
    const until = Date.now() + 2_000
    while (Date.now() < until) await new Promise((resolve) => setImmediate(resolve))
  })
  expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 2_000 })
})

test('a loop of crossings that never waits is no silence', async () => {
  let crossings = 0
  const trial = await follow(
    async () => {
      await new Promise<void>((resolve) => {
        const step = () => (++crossings < 600_000 ? setImmediate(step) : resolve())
        step()
      })
    },
    { realLimitMs: 300, progress: () => crossings },
  )
  expect(trial.end).toEqual({ kind: 'settled' })
})

test('an agent for whom virtual time moves on is not silent, however long it takes in all', async () => {
  const { setTimeout: wait } = real
  let look = () => {}
  // Looks come when the agent lets them: ten in the limit.
  const onDemand = (ring: () => void) => {
    look = ring
    return wait(() => {}, 0)
  }
  Reflect.set(real, 'setTimeout', onDemand)
  try {
    const trial = await follow(
      async () => {
        for (let step = 0; step < 3; step++) {
          for (let looks = 0; looks < 9; looks++) look()
          await sleep(10)
        }
      },
      { realLimitMs: 50 },
    )
    expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 30 })
  } finally {
    Reflect.set(real, 'setTimeout', wait)
  }
})

test('every step of virtual time is heard of, the last one too', async () => {
  const stepsAt = new Set<number>()
  let tell = (): unknown => undefined
  await follow(
    async (clock) => {
      tell = () => stepsAt.add(clock.now())
      for (let step = 0; step < 3; step++) await sleep(10)
    },
    { onStep: () => tell() },
  )
  expect([...stepsAt]).toEqual([0, 10, 20, 30])
})

test('an answer that was heard in part may go on for a moment of real time, before virtual time moves', async () => {
  const { setTimeout: wait } = real
  const log: string[] = []
  // The other real timers are looks at work that does not end, ten in the limit.
  const waiting = (ring: () => void, ms: number) =>
    ms === 1_000 ? wait(ring, ms) : wait(() => log.push('has waited'), ms)
  Reflect.set(real, 'setTimeout', waiting)
  try {
    const trial = await follow(
      async () => {
        await sleep(10)
        log.push('hears')
        shared.answersHeard++
        await sleep(10)
        log.push('time moved')
      },
      { realLimitMs: 10_000 },
    )
    expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 20 })
    expect(log).toEqual(['hears', 'has waited', 'time moved'])
  } finally {
    Reflect.set(real, 'setTimeout', wait)
  }
})

test('it waits for more than the limit only where the process comes near to its bound of memory', async () => {
  const { rss } = real
  const looksWhere = async (megabytes: number) => {
    let looks = 0
    real.rss = () => {
      looks++
      return megabytes * 1e6
    }
    let over = false
    const spin = () => {
      if (!over) setImmediate(spin)
    }
    const waiting = async () => {
      spin()
      await sleep(10)
    }
    const { end } = await follow(waiting, { realLimitMs: 20, memoryMbMax: 1_000 })
    over = true
    return [end.kind, looks]
  }
  try {
    // At the beginning of a span and at its end; where it is nearly full, nine spans more.
    expect(await looksWhere(100)).toEqual(['stuck', 2])
    expect(await looksWhere(990)).toEqual(['stuck', 11])
  } finally {
    real.rss = rss
  }
})

test('what a timer throws is an uncaught exception, and the trial goes on', async () => {
  const others = process.rawListeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const caught: unknown[] = []
  process.on('uncaughtException', (error) => caught.push(error.message))
  const trial = await follow(async () => {
    setTimeout(() => {
      throw new Error('from a timer')
    }, 10)
    await sleep(20)
  })
  process.removeAllListeners('uncaughtException')
  for (const other of others) process.on('uncaughtException', other as (error: Error) => void)
  expect(caught).toEqual(['from a timer'])
  expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 20 })
})

test('a trial that was ended out of band stops and fires nothing more', async () => {
  let stopped = false
  let fired = false
  const trial = await follow(
    async () => {
      await sleep(5)
      stopped = true
      await sleep(5)
      fired = true
    },
    { isStopped: () => stopped },
  )
  expect(trial).toMatchObject({ end: { kind: 'stopped' }, endedAtMs: 5 })
  expect(fired).toBe(false)
})

test('listeners to beforeExit hear nothing of the steps of virtual time', async () => {
  let heard = 0
  const emit = Object.getOwnPropertyDescriptor(process, 'emit')
  const listener = () => heard++
  process.on('beforeExit', listener)
  await follow(async () => {
    process.once('beforeExit', listener)
    for (let step = 0; step < 5; step++) await sleep(10)
  })
  process.removeAllListeners('beforeExit')
  expect(heard).toBe(0)
  expect(Object.getOwnPropertyDescriptor(process, 'emit')).toEqual(emit)
})

test('only one trial is followed at a time', async () => {
  await follow(async () => {
    await expect(follow(async () => 1)).rejects.toThrow('expected one')
  })
})

test('two hundred trials have one history', async () => {
  const histories = new Set<string>()
  for (let repetition = 0; repetition < 200; repetition++) {
    const { answer } = await follow(async () => {
      const log: unknown[] = []
      const worker = async (name: string, ms: number) => {
        for (let step = 0; step < 3; step++) {
          await sleep(ms)
          log.push([name, Date.now(), performance.now(), Math.random(), crypto.randomUUID()])
        }
      }
      await Promise.all([worker('a', 10), worker('b', 15), worker('c', 30)])
      return JSON.stringify(log)
    })
    histories.add(answer ?? '')
  }
  expect(histories.size).toBe(1)
})
