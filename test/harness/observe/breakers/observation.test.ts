/** Proves that what circuit breakers go through stands in the trace, told alike for every library, and only while an agent runs. */
import { type AgentContext, type BreakerHook, UserError } from 'agent-chaos'
import {
  ConsecutiveBreaker,
  CountBreaker,
  circuitBreaker,
  handleAll,
  handleWhen,
  retry,
  SamplingBreaker,
} from 'cockatiel'
import CircuitBreaker from 'opossum'
import { describe, expect, it } from 'vitest'
import { failureOf, sleep, type Tried, trial } from '../../../support/sandbox/scenario.js'

const site = 'tool:search'
const fails = () => Promise.reject(new Error('503'))
const works = async () => 'fine'
const quietly = (work: Promise<unknown>) => work.catch(() => {})

/** What breakers told, one line for each event: when, where, what. */
function newsOf({ trace }: Tried): string[] {
  return trace.events.flatMap((event) => {
    if (event.kind !== 'breaker') return []
    const { kind, at, breaker, event: name, ...rest } = event
    const details = Object.entries(rest).map(([key, value]) => ` ${key}=${value}`)
    return [`${at} ${breaker === site ? '' : `${breaker} `}${name}${details.join('')}`]
  })
}

const cockatiel = (breaker = new ConsecutiveBreaker(2)) => circuitBreaker(handleAll, { breaker, halfOpenAfter: 1_000 })

describe('a breaker of cockatiel’s', () => {
  it('tells of its states and of the calls that it counts', async () => {
    const reported = await trial(async ({ observe }) => {
      const breaker = cockatiel()
      observe.cockatiel(breaker, site)
      await quietly(breaker.execute(fails))
      await quietly(breaker.execute(() => sleep(30).then(fails)))
      await quietly(breaker.execute(works))
      await sleep(1_000)
      await breaker.execute(works)
    })
    expect(newsOf(reported)).toEqual([
      '0 observed state=closed fresh=true',
      '0 failed tookMs=0',
      '30 failed tookMs=30',
      '30 opened',
      '1030 half-opened',
      '1030 succeeded tookMs=0',
      '1030 closed',
    ])
  })

  it('tells failures that it counts from those that it ignores', async () => {
    const reported = await trial(async ({ observe }) => {
      const policy = circuitBreaker(
        handleWhen(({ message }) => message === '503'),
        { breaker: new ConsecutiveBreaker(2), halfOpenAfter: 1_000 },
      )
      observe.cockatiel(policy, site)
      await quietly(policy.execute(() => Promise.reject(new Error('400'))))
      await quietly(policy.execute(fails))
    })
    expect(newsOf(reported).slice(1)).toEqual(['0 ignored tookMs=0', '0 failed tookMs=0'])
  })

  it('says when somebody holds it open by hand', async () => {
    const reported = await trial(async ({ observe }) => {
      const breaker = cockatiel()
      observe.cockatiel(breaker, site)
      const held = breaker.isolate()
      await sleep(10)
      held.dispose()
    })
    expect(newsOf(reported).slice(1)).toEqual(['0 opened by=hand', '10 closed by=hand'])
  })

  it.each([
    ['consecutive', () => new ConsecutiveBreaker(2)],
    ['count', () => new CountBreaker({ threshold: 0.5, size: 4 })],
    ['sampling', () => new SamplingBreaker({ threshold: 0.5, duration: 1_000 })],
  ])('is fresh while it has counted nothing: %s', async (_name, make) => {
    const reported = await trial(async ({ observe }) => {
      const [fresh, used] = [make(), make()].map((breaker) => circuitBreaker(handleAll, { breaker, halfOpenAfter: 1 }))
      await quietly(used?.execute(fails) ?? works())
      if (fresh) observe.cockatiel(fresh, 'tool:fresh')
      if (used) observe.cockatiel(used, 'tool:used')
    })
    expect(newsOf(reported)).toEqual([
      '0 tool:fresh observed state=closed fresh=true',
      '0 tool:used observed state=closed fresh=false',
    ])
  })
})

describe('a breaker of opossum’s', () => {
  const options = { resetTimeout: 1_000, volumeThreshold: 2, timeout: 500 }
  const makeBreaker = (given: CircuitBreaker.Options = {}) =>
    new CircuitBreaker((work: () => Promise<unknown>) => work(), { ...options, ...given })

  it('tells of its states, of the calls that it counts, and of those that it turns away', async () => {
    const reported = await trial(async ({ observe }) => {
      const breaker = makeBreaker()
      observe.opossum(breaker, site)
      await quietly(breaker.fire(fails))
      await quietly(breaker.fire(() => sleep(9_000)))
      await quietly(breaker.fire(works))
      await sleep(1_500)
      await breaker.fire(works)
    })
    expect(newsOf(reported)).toEqual([
      '0 observed state=closed fresh=true',
      '0 failed tookMs=0',
      '500 failed tookMs=500',
      '500 opened',
      '500 rejected',
      '1500 half-opened',
      '2000 succeeded tookMs=0',
      '2000 closed',
    ])
  })

  it('says what it did without a call, and what was done to it by hand', async () => {
    const reported = await trial(async ({ observe }) => {
      const breaker = makeBreaker({ capacity: 1, cache: true, cacheGetKey: (work) => String(work === works) })
      observe.opossum(breaker, site)
      const slow = breaker.fire(() => sleep(20))
      await quietly(breaker.fire(fails))
      await slow
      await breaker.fire(works)
      await breaker.fire(works)
      breaker.open()
      await sleep(10)
      breaker.close()
    })
    expect(newsOf(reported).slice(1)).toEqual([
      '0 failed tookMs=0 unsent=true',
      '20 succeeded tookMs=20',
      '20 succeeded tookMs=0',
      '20 spared',
      '20 opened by=hand',
      '30 closed by=hand',
    ])
  })

  it('is fresh only where its window goes by the time of the trial', async () => {
    const older = makeBreaker()
    const reported = await trial(async ({ observe }) => {
      observe.opossum(older, 'tool:older')
      const used = makeBreaker()
      await used.fire(works)
      observe.opossum(used, 'tool:used')
      observe.opossum(makeBreaker(), 'tool:fresh')
    })
    older.shutdown()
    expect(newsOf(reported).map((line) => line.slice(2))).toEqual([
      'tool:older observed state=closed fresh=false',
      'tool:used observed state=closed fresh=false',
      'tool:fresh observed state=closed fresh=true',
    ])
  })
})

describe('a breaker that is written by hand', () => {
  it('tells what it calls', async () => {
    const reported = await trial(async ({ observe }) => {
      const { opened, halfOpened, closed, succeeded, failed, ignored, rejected } = observe.breaker(site)
      failed(5)
      ignored()
      opened()
      rejected()
      halfOpened()
      succeeded(7)
      closed()
      opened('hand')
    })
    expect(newsOf(reported)).toEqual([
      '0 observed state=closed fresh=true',
      '0 failed tookMs=5',
      '0 ignored',
      '0 opened',
      '0 rejected',
      '0 half-opened',
      '0 succeeded tookMs=7',
      '0 closed',
      '0 opened by=hand',
    ])
  })

  it('says how it stands where it is older than the agent', async () => {
    const reported = await trial(({ observe }) => void observe.breaker(site, 'half-open'))
    expect(newsOf(reported)).toEqual(['0 observed state=half-open fresh=false'])
  })
})

describe('what outlives the agent', () => {
  it('is listened to no longer, and found as it was left', async () => {
    const breaker = cockatiel()
    const break_ = async ({ observe }: AgentContext<string[], unknown>) => {
      observe.cockatiel(breaker, site)
      await quietly(breaker.execute(fails))
      await quietly(breaker.execute(fails))
    }
    const first = await trial(break_)
    const before = newsOf(first)
    await quietly(breaker.execute(fails))
    const second = await trial(break_)
    expect(newsOf(first)).toEqual(before)
    expect(newsOf(second)).toEqual(['0 observed state=open fresh=false'])
  })

  it('has no listeners left, of either library', async () => {
    const listenerCounts = (emitter: CircuitBreaker) => emitter.eventNames().map((name) => emitter.listenerCount(name))
    const breaker = new CircuitBreaker(works)
    const before = listenerCounts(breaker)
    await trial(({ observe }) => observe.opossum(breaker, site))
    expect(listenerCounts(breaker)).toEqual(before)
    breaker.shutdown()
    const listeners = new Set<unknown>()
    const on = (listener: unknown) => {
      listeners.add(listener)
      return { dispose: () => listeners.delete(listener) }
    }
    const policy = { state: 0, onBreak: on, onHalfOpen: on, onReset: on, onSuccess: on, onFailure: on }
    await trial(({ observe }) => {
      observe.cockatiel(policy, site)
      expect(listeners.size).toBe(5)
    })
    expect(listeners.size).toBe(0)
  })

  it('tells nothing of an attempt that crashed, and is observed anew by the next', async () => {
    const hooks: BreakerHook[] = []
    const reported = await trial(
      async ({ observe, attempt, tools }) => {
        hooks.push(observe.breaker(site))
        if (attempt > 1) hooks[0]?.opened()
        await (tools as { put(): Promise<void> }).put()
        hooks[attempt - 1]?.closed()
      },
      'tool:put#1 = process/crash',
      { world: () => ({ tools: { put: async () => {} } }) },
    )
    for (const { opened } of hooks) opened()
    expect(newsOf(reported)).toEqual([
      '0 observed state=closed fresh=true',
      '1000 observed state=closed fresh=true',
      '1000 closed',
    ])
  })
})

describe('what cannot be observed', () => {
  const refusalOf = async (observe: (context: AgentContext<string[], unknown>) => unknown) => {
    let error: unknown
    const misused = trial(async (context) => {
      error = await failureOf((async () => observe(context))())
    })
    // Though the agent has caught it.
    await expect(misused).rejects.toMatchObject({ name: 'UserError' })
    expect(error).toBeInstanceOf(UserError)
    return (error as UserError).message
  }

  it('is a second breaker before the same site, however that is written', async () => {
    const twice = ({ observe }: AgentContext<string[], unknown>) => {
      observe.cockatiel(cockatiel(), 'http:"POST api.example.com/*"')
      observe.breaker('http:POST api.example.com/*')
    }
    expect(await refusalOf(twice)).toBe(
      'observe: a breaker before http:POST api.example.com/* is observed already; expected one for each site',
    )
  })

  it('is a site without a boundary', async () => {
    expect(await refusalOf(({ observe }) => observe.breaker('search'))).toContain('"search" is no site')
  })

  it('is what has not the shape of a breaker', async () => {
    const policy = retry(handleAll, { maxAttempts: 2 })
    expect(await refusalOf(({ observe }) => observe.cockatiel(policy as never, site))).toBe(
      "observe: expected a circuit breaker of cockatiel's, with onBreak, onHalfOpen, onReset, onSuccess, onFailure; got an " +
        'object without onBreak, onHalfOpen, onReset',
    )
    expect(await refusalOf(({ observe }) => observe.opossum(cockatiel() as never, site))).toContain(
      "expected a CircuitBreaker of opossum's, with fire, prependListener, off, open, close; got an object without",
    )
    expect(await refusalOf(({ observe }) => observe.opossum(undefined as never, site))).toContain('got undefined')
  })
})
