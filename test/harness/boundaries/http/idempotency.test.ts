/** How a service treats idempotency keys, profile by profile, over the clock. */
import { defineScenario, runTrial, say, script } from 'agent-chaos'
import { describe, expect, test } from 'vitest'
import { idempotencyProfiles } from '../../../../harness/boundaries/effect/idempotency.js'
import type { ServiceAnswer, ServiceOptions } from '../../../../harness/contracts/service.js'
import { ServiceWorld } from '../../../support/boundaries/service-world.js'

const names = ['ietf', 'stripe-v1', 'stripe-v2'] as const
const dayMs = 86_400_000

/** A service that answers with what it is given, in turn, and then with what it did so far: `{"n":1}`, `{"n":2}`. */
function counting(
  idempotency: ServiceOptions['idempotency'] & {},
  answers: readonly ServiceAnswer[] = [],
): ServiceWorld {
  let n = 0
  return new ServiceWorld().declare(() => answers[n++] ?? { json: { n } }, { idempotency })
}

describe.each(names)('under %s', (profile) => {
  test('a request that is made again with its key is done once, and answered alike', async () => {
    const world = counting(profile)
    expect(await world.post('/pay', { cents: 1 }, 'k')).toBe('200 {"n":1}')
    expect(await world.post('/pay', { cents: 1 }, 'k')).toBe('200 replayed {"n":1}')
    expect(world.effects().map(({ status, key }) => [status, key])).toEqual([
      ['applied', 'k'],
      ['replayed', 'k'],
    ])
  })

  test('another key is another request', async () => {
    const world = counting(profile)
    await world.post('/pay', { cents: 1 }, 'k')
    expect(await world.post('/pay', { cents: 1 }, 'l')).toBe('200 {"n":2}')
  })

  test('the same key with another payload is refused, and the first result stands', async () => {
    const world = counting(profile)
    await world.post('/pay', { cents: 1 }, 'k')
    const status = profile === 'ietf' ? 422 : 400
    expect(await world.post('/pay', { cents: 2 }, 'k')).toMatch(new RegExp(`^${status} `))
    expect(world.outcomes().at(-1)).toMatchObject({ kind: 'failed', class: 'definite', error: { status } })
    expect(await world.post('/pay', { cents: 1 }, 'k')).toBe('200 replayed {"n":1}')
    expect(world.effects().map(({ status }) => status)).toEqual(['applied', 'refused', 'replayed'])
  })

  test('of two that arrive together one is done, and the other is told to wait', async () => {
    const world = counting(profile)
    const both = Promise.all([world.post('/pay', {}, 'k'), world.post('/pay', {}, 'k')])
    const [first, second] = await both
    expect(first).toBe('200 {"n":1}')
    expect(second).toMatch(/^409 /)
    expect(world.outcomes()).toContainEqual(expect.objectContaining({ kind: 'failed', class: 'transient' }))
    expect(await world.post('/pay', {}, 'k')).toBe('200 replayed {"n":1}')
  })

  test('a request is in progress until its answer leaves, and no longer', async () => {
    const world = counting(profile)
    const first = world.post('/pay', {}, 'k', 99)
    await first
    expect(await world.post('/pay', {}, 'k', 0)).toBe('pending')
    expect(world.effects().map(({ status }) => status)).toEqual(['applied', 'refused'])
    await world.clock.pass(1)
    await world.post('/pay', {}, 'k', 0)
    expect(world.effects().at(-1)).toMatchObject({ status: 'replayed' })
  })

  test('a request whose handler takes its time is in progress all along', async () => {
    const world: ServiceWorld = new ServiceWorld().declare(() => world.clock.sleep(5_000).then(() => ({})), {
      idempotency: profile,
    })
    const first = world.post('/pay', {}, 'k', 4_000)
    expect(await first).toBe('pending')
    expect(await world.post('/pay', {}, 'k', 500)).toMatch(/^409 /)
    await world.clock.pass(600)
    expect(await world.post('/pay', {}, 'k')).toBe('200 replayed')
  })

  test('a key is forgotten when its time has come, and not before', async () => {
    const world = counting(profile)
    const { ttlMs } = idempotencyProfiles[profile]
    expect(ttlMs).toBe(profile === 'stripe-v2' ? 30 * dayMs : dayMs)
    await world.post('/pay', {}, 'k', ttlMs - 1)
    expect(await world.post('/pay', {}, 'k', 0)).toBe('pending')
    expect(world.effects().at(-1)).toMatchObject({ status: 'replayed' })
    await world.clock.pass(1)
    expect(await world.post('/pay', {}, 'k')).toBe('200 {"n":2}')
    expect(world.effects().at(-1)).toMatchObject({ status: 'applied' })
  })

  test('a key on a request that is safe means nothing', async () => {
    const world = counting(profile)
    const get = () => world.send('/pay', { headers: { 'idempotency-key': 'k' } })
    expect([await get(), await get()]).toEqual(['200 {"n":1}', '200 {"n":2}'])
  })
})

describe('what profiles differ in', () => {
  test.each([
    ['ietf', '400 replayed x'],
    ['stripe-v1', '200 {"n":2}'],
    ['stripe-v2', '200 {"n":2}'],
  ] as const)('%s, after a 400: the same key gets %s', async (profile, second) => {
    const world = counting(profile, [{ status: 400, body: 'x' }])
    expect(await world.post('/pay', {}, 'k')).toBe('400 x')
    expect(await world.post('/pay', {}, 'k')).toBe(second)
  })

  test.each([
    ['ietf', '500 replayed x'],
    ['stripe-v1', '500 replayed x'],
    ['stripe-v2', '200 {"n":2}'],
  ] as const)('%s, after a 500: the same key gets %s', async (profile, second) => {
    const world = counting(profile, [{ status: 500, body: 'x' }])
    expect(await world.post('/pay', {}, 'k')).toBe('500 x')
    expect(await world.post('/pay', {}, 'k')).toBe(second)
  })

  test('a request that was corrected after a 400 may keep its key with Stripe, and needs a new one otherwise', async () => {
    const correct = async (profile: (typeof names)[number]) => {
      const world = counting(profile, [{ status: 400 }])
      await world.post('/pay', { cents: -1 }, 'k')
      return (await world.post('/pay', { cents: 1 }, 'k')).slice(0, 3)
    }
    expect(await Promise.all(names.map(correct))).toEqual(['422', '200', '200'])
  })

  test('a request without a key is refused by the IETF draft, and every time done by Stripe', async () => {
    const strict = counting('ietf')
    expect(await strict.post('/pay', {})).toMatch(/^400 .*needs the header Idempotency-Key/)
    expect(strict.effects()).toMatchObject([{ status: 'refused', key: null }])
    for (const profile of ['stripe-v1', 'stripe-v2', 'none'] as const) {
      const lax = counting(profile)
      expect([await lax.post('/pay', {}), await lax.post('/pay', {})]).toEqual(['200 {"n":1}', '200 {"n":2}'])
    }
  })

  test('a key at another path is another key, but for Stripe v1, where it is a mismatch', async () => {
    const elsewhere = async (profile: (typeof names)[number]) => {
      const world = counting(profile)
      await world.post('/refunds', {}, 'k')
      return (await world.post('/charges', {}, 'k')).slice(0, 3)
    }
    expect(await Promise.all(names.map(elsewhere))).toEqual(['200', '400', '200'])
  })

  test('errors are worded as the service words them', async () => {
    const mismatch = async (profile: (typeof names)[number]) => {
      const world = counting(profile)
      await world.post('/pay', { a: 1 }, 'k')
      const answer = await world.post('/pay', { a: 2 }, 'k')
      return JSON.parse(answer.slice(4))
    }
    const message = 'This idempotency key came before with another request.'
    expect(await mismatch('stripe-v1')).toEqual({ error: { type: 'idempotency_error', message } })
    expect(await mismatch('ietf')).toEqual({
      type: 'about:blank',
      title: 'Unprocessable Content',
      status: 422,
      detail: message,
    })
    const stripe = counting('stripe-v1')
    const [, busy = ''] = await Promise.all([stripe.post('/pay', {}, 'k'), stripe.post('/pay', {}, 'k')])
    expect(JSON.parse(busy.slice(4))).toMatchObject({ error: { code: 'idempotency_key_in_use' } })
  })
})

describe('a profile of the scenario', () => {
  test('takes from the IETF draft what it does not say', async () => {
    const world = counting({ ttlMs: 1_000 })
    expect(await world.post('/pay', {})).toMatch(/^400 /)
    await world.post('/pay', {}, 'k', 999)
    await world.post('/pay', {}, 'k', 1)
    expect(await world.post('/pay', {}, 'k')).toBe('200 {"n":2}')
  })

  test('can replay whatever the payload', async () => {
    const world = counting({ onMismatch: { kind: 'replay' }, ttlMs: 1_800_000 })
    await world.post('/pay', { cents: 1 }, 'k')
    expect(await world.post('/pay', { cents: 2 }, 'k')).toBe('200 replayed {"n":1}')
  })

  test('can tell a concurrent request something else', async () => {
    const world = counting({ concurrentStatus: 425 })
    const [, second] = await Promise.all([world.post('/pay', {}, 'k'), world.post('/pay', {}, 'k')])
    expect(second).toMatch(/^425 /)
  })
})

describe('on the wire', () => {
  test.each([
    'http/reply-lost',
    'http/reply-lost(symptom: "reset")',
    'http/body-cut',
    'http/poisoned-body',
    'http/late(after: 1000)',
  ])('the first answer to a key is given again, whatever %s made of it', async (fault) => {
    const bodies: string[] = []
    const pay = async () => {
      const headers = { 'idempotency-key': 'k' }
      const signal = AbortSignal.timeout(20_000)
      const response = await fetch('https://pay.test/pay', { method: 'POST', headers, body: '{}', signal })
      return response.text()
    }
    const scenario = defineScenario({
      name: 'paying',
      task: 'Pay.',
      state: () => ({ paid: 0 }),
      world: ({ http, state }) => {
        http.service('https://pay.test', () => ({ json: { paid: `no. ${++state.paid}` } }), { idempotency: 'ietf' })
        return { tools: {} }
      },
      model: script([say('not asked')]),
      agent: async () => {
        await pay().catch(() => {})
        await new Promise((resolve) => setTimeout(resolve, 30_000))
        bodies.push(await pay())
      },
      goal: ({ state }) => state.paid === 1,
      faults: ['http/reply-lost', 'http/body-cut', 'http/poisoned-body', 'http/late'],
    })
    const trial = await runTrial(scenario, { plan: `http:*#1 = ${fault}` })
    expect(trial.trace.injections).toMatchObject([{ status: 'landed' }])
    expect(trial.trace.goal).toBe(true)
    expect(bodies).toEqual(['{"paid":"no. 1"}'])
  })
})

describe('in a fresh process', () => {
  test('what services remember moves over as plain data, before or after they are declared', async () => {
    const old = counting('stripe-v1')
    await old.post('/pay', { cents: 1 }, 'k')
    const memory = JSON.parse(JSON.stringify(old.services.snapshot()))
    const before = new ServiceWorld([], memory).declare(() => ({ status: 500 }), { idempotency: 'stripe-v1' })
    await before.clock.pass(1_000)
    expect(await before.post('/pay', { cents: 1 }, 'k')).toBe('200 replayed {"n":1}')
    const after = new ServiceWorld().declare(() => ({ status: 500 }), { idempotency: 'stripe-v1' })
    after.services.restore(memory)
    await after.clock.pass(1_000)
    expect(await after.post('/pay', { cents: 1 }, 'k')).toBe('200 replayed {"n":1}')
  })

  test('work that was going on is gone, and its key free', async () => {
    const old = new ServiceWorld().declare(() => new Promise(() => {}), { idempotency: 'stripe-v1' })
    await old.post('/pay', {}, 'k')
    const fresh = new ServiceWorld([], old.services.snapshot()).declare(() => ({}), { idempotency: 'stripe-v1' })
    expect(await fresh.post('/pay', {}, 'k')).toBe('200')
  })
})
