import * as crypto from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import timers, { setTimeout as namedSetTimeout } from 'node:timers'
import { scheduler, setTimeout as sleep, setInterval as ticks } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enter, installStubs, stubsInstalled } from '../../../harness/sandbox/ambient.js'
import { armBackground } from '../../../harness/sandbox/background.js'
import { epochMs, VirtualClock } from '../../../harness/sandbox/clock.js'
import { Entropy } from '../../../harness/sandbox/entropy.js'
import { real } from '../../../harness/sandbox/real.js'
import { follow, type Overrides } from '../../support/sandbox/trial.js'

const before = { fetch: globalThis.fetch, Date: globalThis.Date, setTimeout: globalThis.setTimeout }
let uninstall = () => {}
beforeEach(() => {
  uninstall = installStubs()
})
afterEach(() => uninstall())

/** What an agent finds in its trial; the trial must settle and the agent must not throw. */
async function runInTrial<T>(agent: () => T | Promise<T>, overrides: Overrides = {}): Promise<T | undefined> {
  const trial = await follow(async () => agent(), overrides)
  if (trial.error) throw trial.error
  expect(trial.end).toEqual({ kind: 'settled' })
  return trial.answer
}

describe('installing and entering', () => {
  test('stubs are installed once, and reported as such', () => {
    expect(stubsInstalled()).toBe(true)
    expect(() => installStubs()).toThrow('installed already')
    uninstall()
    uninstall()
    expect(stubsInstalled()).toBe(false)
  })

  test('one trial is entered at a time', () => {
    const ambient = () => ({
      clock: new VirtualClock(),
      entropy: new Entropy(1),
      fetch: real.fetch,
      exit: (): never => {
        throw new Error('exit')
      },
    })
    const leave = enter(ambient())
    expect(() => enter(ambient())).toThrow('expected one at a time')
    leave()
    leave()
    enter(ambient())()
  })

  test('outside a trial the stubs do the real thing', async () => {
    const [before, now, made] = [real.now(), Date.now(), new Date()]
    const times = [before, now, made.getTime(), real.now()]
    expect(times).toEqual(times.toSorted((left, right) => left - right))
    expect(performance.now()).toBeGreaterThan(0)
    expect(process.hrtime.bigint()).toBeGreaterThan(0n)
    expect(await sleep(1, 'value')).toBe('value')
    expect(await scheduler.wait(1)).toBeUndefined()
    for await (const tick of ticks(1, 'tick')) {
      expect(tick).toBe('tick')
      break
    }
    expect(await new Promise((resolve) => setTimeout(resolve, 1, 'late'))).toBe('late')
    expect(crypto.randomUUID()).not.toBe(crypto.randomUUID())
    expect(Math.random()).not.toBe(Math.random())
  })

  test('stubs keep name and length', () => {
    for (const name of ['fetch', 'Date', 'setTimeout'] as const) {
      expect(globalThis[name]).not.toBe(before[name])
      expect([globalThis[name].name, globalThis[name].length]).toEqual([before[name].name, before[name].length])
    }
    expect([crypto.randomInt.name, crypto.randomInt.length, Math.random.name]).toEqual(['randomInt', 3, 'random'])
  })
})

describe('Date', () => {
  test('reads the virtual wall clock in every form', async () => {
    const answer = await runInTrial(async () => {
      await sleep(1_500)
      return { now: Date.now(), made: new Date(), iso: new Date().toISOString(), text: Date() }
    })
    expect(answer).toEqual({
      now: epochMs + 1_500,
      made: new real.Date(epochMs + 1_500),
      iso: '2026-01-01T00:00:01.500Z',
      text: new real.Date(epochMs + 1_500).toString(),
    })
  })

  test('is what a format takes that is given no date, and one that is given is left alone', async () => {
    const format = new Intl.DateTimeFormat('en', { timeStyle: 'medium', timeZone: 'UTC' })
    const found = await runInTrial(async () => {
      await sleep(1_500)
      return { now: format.format(), parts: format.formatToParts(), given: format.format(0) }
    })
    const now = epochMs + 1_500
    expect(found).toEqual({ now: format.format(now), parts: format.formatToParts(now), given: format.format(0) })
  })

  test('stays a date: arguments, statics, instanceof, constructor, subclasses', async () => {
    const early = new before.Date(0)
    const answer = await runInTrial(() => {
      class Stamp extends Date {
        day() {
          return this.toISOString().slice(0, 10)
        }
      }
      return {
        given: [new Date(5).getTime(), new Date(2020, 0, 2).getDate(), new Date('2020-01-01').getTime()],
        statics: [Date.UTC(1970, 0), Date.parse('1970-01-01'), Date.length, Date.name],
        instances: [new Date() instanceof Date, early instanceof Date, new Date() instanceof before.Date],
        constructors: [new Date().constructor === Date, early.constructor === Date],
        subclass: [new Stamp().day(), new Stamp(0).day(), new Stamp() instanceof Stamp, new Stamp() instanceof Date],
        copies: [structuredClone(new Date(7)).getTime(), new Date(new Date(8)).getTime()],
      }
    })
    expect(answer).toEqual({
      given: [5, 2, 1_577_836_800_000],
      statics: [0, 0, 7, 'Date'],
      instances: [true, true, true],
      constructors: [true, true],
      subclass: ['2026-01-01', '1970-01-01', true, true],
      copies: [7, 8],
    })
  })
})

describe('time', () => {
  test('monotonic clocks begin at zero and move together', async () => {
    const answer = await runInTrial(async () => {
      const [start, startBig] = [process.hrtime(), process.hrtime.bigint()]
      await sleep(2_345)
      return {
        performance: performance.now(),
        wall: performance.timeOrigin + performance.now() - Date.now(),
        hrtime: process.hrtime(start),
        before: process.hrtime([3, 1]),
        bigint: process.hrtime.bigint() - startBig,
        uptime: process.uptime(),
      }
    })
    expect(answer).toEqual({
      performance: 2_345,
      wall: 0,
      hrtime: [2, 345_000_000],
      before: [-1, 344_999_999],
      bigint: 2_345_000_000n,
      uptime: 2.345,
    })
  })

  test.each([
    ['the global', () => ({ set: setInterval, clear: clearInterval })],
    ['the one of node:timers', () => ({ set: timers.setInterval, clear: timers.clearInterval })],
  ])('an interval is over once %s clears it', async (_, inTrial) => {
    const counted = await runInTrial(async () => {
      const { set, clear } = inTrial()
      let count = 0
      const interval = set(() => {
        count++
      }, 10)
      await sleep(35)
      clear(interval)
      await sleep(100)
      return count
    })
    expect(counted).toBe(3)
  })

  test('a timer is cleared by its number, as a number and as text, and a number that is none of them clears nothing', async () => {
    const rung = await runInTrial(async () => {
      const rung: number[] = []
      const set = (ms: number) => setTimeout(() => void rung.push(ms), ms)
      clearTimeout(Number(set(10)))
      clearTimeout(String(set(20)))
      const kept = set(30)
      clearTimeout(Number(kept) + 1_000)
      await sleep(100)
      return rung
    })
    expect(rung).toEqual([30])
  })

  test('timers of every origin are virtual, named imports that were bound earlier among them', async () => {
    const answer = await runInTrial(async () => {
      const seen: unknown[] = []
      const note = (what: string) => seen.push(`${what}@${performance.now()}`)
      setTimeout(note, 60_000, 'global')
      namedSetTimeout(note, 120_000, 'named')
      AbortSignal.timeout(150_000).addEventListener('abort', (event) => note((event.target as AbortSignal).reason.name))
      note(await sleep(180_000, 'promise'))
      note(await promisify(setTimeout)(60_000, 'promisified'))
      await scheduler.wait(60_000)
      note('waited')
      await scheduler.yield()
      for await (const tick of ticks(60_000, 'tick')) {
        note(tick)
        if (performance.now() >= 420_000) break
      }
      return seen
    })
    expect(answer).toEqual([
      'global@60000',
      'named@120000',
      'TimeoutError@150000',
      'promise@180000',
      'promisified@240000',
      'waited@300000',
      'tick@360000',
      'tick@420000',
    ])
  })

  test('a signal of no time at all aborts by the clock of the trial, and a timer is cleared by its number as text', async () => {
    const trial = await follow(async () => {
      const signal = AbortSignal.timeout(0)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      let rang = false
      const timer = setTimeout(() => {
        rang = true
      }, 10)
      clearTimeout(String(Number(timer)))
      await sleep(20)
      return [signal.reason.name, rang]
    })
    expect(trial).toMatchObject({ end: { kind: 'settled' }, answer: ['TimeoutError', false], endedAtMs: 21 })
  })

  test('promised timers heed their signal and leave no timer behind', async () => {
    const trial = await follow(async () => {
      const { signal } = Object.assign(new AbortController())
      const late = AbortSignal.timeout(10)
      const failures = await Promise.allSettled([
        sleep(600_000, undefined, { signal: late }),
        scheduler.wait(600_000, { signal: late }),
        ticks(600_000, undefined, { signal: late }).next(),
        sleep(1, undefined, { signal: AbortSignal.abort('why') }),
        sleep(20, 'ok', { signal }),
      ])
      return failures.map((result) =>
        result.status === 'rejected' ? [result.reason.name, result.reason.code] : result.value,
      )
    })
    expect(trial.answer).toEqual([...Array.from({ length: 4 }, () => ['AbortError', 'ABORT_ERR']), 'ok'])
    expect(trial.endedAtMs).toBe(20)
  })

  test('what Node refuses is refused in its words', async () => {
    const answer = await runInTrial(async () => {
      const messages: string[] = []
      const attempt = async (call: () => unknown) => {
        try {
          await call()
        } catch (error) {
          messages.push((error as NodeJS.ErrnoException).code ?? '')
        }
      }
      await attempt(() => Reflect.apply(setTimeout, undefined, ['no function', 1]))
      await attempt(() => sleep(1, undefined, Reflect.apply(JSON.parse, undefined, ['{"signal":1}'])))
      await attempt(() => AbortSignal.timeout(-1))
      await attempt(() => crypto.randomBytes(-1))
      await attempt(() => crypto.randomInt(5, 2))
      return messages
    })
    expect(answer).toEqual([
      'ERR_INVALID_ARG_TYPE',
      'ERR_INVALID_ARG_TYPE',
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
    ])
  })

  test('a real timer can be cleared inside a trial, and a virtual one after it', async () => {
    let fired = false
    const realTimer = setTimeout(() => {
      fired = true
    }, 30)
    const timer = await runInTrial(() => {
      clearTimeout(realTimer)
      return { interval: setInterval(() => {}, 10) }
    })
    clearInterval(timer?.interval)
    clearTimeout(Number(timer?.interval))
    await sleep(40)
    expect(fired).toBe(false)
  })

  test('a single shot that was set before a trial rings once in it, and an interval again and again', async () => {
    const rung: string[] = []
    const set = [
      setTimeout(() => rung.push(`shot@${performance.now()}`), 60_000),
      setInterval(() => rung.push(`interval@${performance.now()}`), 60_000),
    ]
    await follow(async (clock) => {
      armBackground(clock)
      await sleep(150_000)
    })
    for (const timer of set) clearTimeout(timer)
    expect(rung).toEqual(['shot@60000', 'interval@60000', 'interval@120000'])
  })

  test('a timer that was set before a trial and is cleared in it rings no more', async () => {
    const rung: string[] = []
    const interval = setInterval(() => rung.push(`@${performance.now()}`), 60_000)
    await follow(async (clock) => {
      armBackground(clock)
      await sleep(90_000)
      clearInterval(interval)
      await sleep(90_000)
    })
    expect(rung).toEqual(['@60000'])
  })

  test('a timer of a trial that is over belongs, refreshed, to the trial that runs', async () => {
    let fired = 0
    const old = await runInTrial(() => ({ timer: setTimeout(() => fired++, 10).unref() }))
    const trial = await follow(async () => {
      old?.timer.refresh()
      await sleep(50)
    })
    expect([fired, trial.endedAtMs]).toEqual([2, 50])
  })
})

describe('chance', () => {
  const draws = () => {
    const into = new Uint16Array(6)
    return [
      Math.random(),
      globalThis.crypto.randomUUID(),
      crypto.randomUUID(),
      [...globalThis.crypto.getRandomValues(new Uint8Array(4))],
      [...crypto.getRandomValues(new Uint32Array(2))],
      crypto.randomBytes(8).toString('hex'),
      [...crypto.randomFillSync(into, 2, 2)],
      crypto.randomInt(1_000_000),
      crypto.randomInt(-5, 5),
    ]
  }
  const drawsByCallback = async () => {
    const fill = promisify<Uint16Array, number, number, Uint16Array>(crypto.randomFill)
    return [
      (await promisify(crypto.randomBytes)(8)).toString('hex'),
      await promisify<number, number, number>(crypto.randomInt)(0, 1_000),
      [...(await fill(new Uint16Array(4), 1, 2))],
    ]
  }

  test('the same seed draws the same from every source, another seed something else', async () => {
    const everything = async () => JSON.stringify([draws(), await drawsByCallback()])
    const first = await runInTrial(everything, { seed: 1 })
    expect(await runInTrial(everything, { seed: 1 })).toBe(first)
    expect(await runInTrial(everything, { seed: 2 })).not.toBe(first)
  })

  test('offset and size of a fill count elements', async () => {
    const answer = await runInTrial(() => {
      const filled = crypto.randomFillSync(new Uint16Array(6), 2, 2)
      const bytes = crypto.randomFillSync(Buffer.alloc(6), 4)
      return [[...filled].map(Boolean), [...bytes].slice(0, 4)]
    })
    expect(answer).toEqual([
      [false, false, true, true, false, false],
      [0, 0, 0, 0],
    ])
  })

  test('whole numbers stay within their bounds', async () => {
    const answer = await runInTrial(() => Array.from({ length: 1_000 }, () => crypto.randomInt(-3, 3)))
    expect([...new Set(answer)].sort((left, right) => left - right)).toEqual([-3, -2, -1, 0, 1, 2])
  })
})

describe('ways out', () => {
  test('fetch is the trial’s', async () => {
    expect(await runInTrial(async () => (await fetch('https://example.invalid')).text())).toBe('virtual')
  })

  test('process.exit is the trial’s to answer', async () => {
    const codes: number[] = []
    const exit = (code: number): never => {
      codes.push(code)
      throw new Error('exited')
    }
    const trial = await follow(async () => process.exit(3), { exit })
    expect(codes).toEqual([3])
    expect(trial.error).toMatchObject({ message: 'exited' })
  })

  test('a fetch that was captured earlier is refused where it would leave, and is reported', async () => {
    const strays: string[] = []
    const trial = await follow(() => before.fetch('https://example.invalid/v1?q=1', { method: 'POST' }), {
      stray: (origin) => {
        strays.push(origin)
        return new Error('refused')
      },
    })
    expect(strays).toEqual(['https://example.invalid:443'])
    expect(trial.error).toMatchObject({ cause: { message: 'refused' } })
  })

  test('a fetch that was captured earlier reaches loopback', async () => {
    const server = createServer((_request, response) => response.end('from here'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const answer = await runInTrial(async () => (await before.fetch(url, { headers: { connection: 'close' } })).text())
    server.close()
    expect(answer).toBe('from here')
  })
})

describe('handles that stay open', () => {
  test('neither ports, nor broadcast channels, nor listening servers hold time', async () => {
    const trial = await follow(async () => {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', () => {})
      port2.ref()
      const channel = new BroadcastChannel('agent-chaos')
      const server = net.createServer().listen(0, '127.0.0.1')
      await sleep(600_000)
      server.close()
      return channel instanceof BroadcastChannel
    })
    expect(trial).toMatchObject({ end: { kind: 'settled' }, answer: true, endedAtMs: 600_000 })
  })

  test('a message under way is waited for', async () => {
    const answer = await runInTrial(async () => {
      const one = new BroadcastChannel('agent-chaos-2')
      const other = new BroadcastChannel('agent-chaos-2')
      const arrived = new Promise((resolve) => {
        other.onmessage = () => resolve(performance.now())
      })
      setTimeout(() => {}, 5)
      one.postMessage('hello')
      return arrived
    })
    expect(answer).toBe(0)
  })
})
