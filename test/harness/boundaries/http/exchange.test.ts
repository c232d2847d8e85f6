/** What becomes of a request under each action: at the client, at the service, and in the record. */
import { describe, expect, test } from 'vitest'
import { posting, ServiceWorld, type Treated } from '../../../support/boundaries/service-world.js'

const json = { json: { id: 're_1' } }

/** One request under `treated`; `ms` later the client has what `got` says. */
async function under(treated: Treated, ms = 1_000, answer: object = json) {
  const world = new ServiceWorld([{ class: 'indeterminate', ...treated }]).declare(() => answer)
  const got = await world.post('/refunds', { order: '42' }, undefined, ms)
  return { world, got, story: world.story() }
}

describe('a request that is refused', () => {
  test.each([
    ['unresolved', 'ENOTFOUND'],
    ['refused', 'ECONNREFUSED'],
  ] as const)('as %s never reaches the service', async (how, code) => {
    const { got, story, world } = await under({ ending: { kind: 'refuse', how } })
    expect(got).toBe(code)
    expect(story).toBe('call@0 struck@0 return@100')
    const error = { name: 'ConnectionError', message: how }
    expect(world.outcomes()).toEqual([
      { kind: 'failed', failure: { kind: 'lost', how }, error, class: 'indeterminate' },
    ])
  })
})

describe('a request that is rejected', () => {
  test.each([
    ['bad-request', 400],
    ['unauthorized', 401],
    ['not-found', 404],
    ['conflict', 409],
    ['rate-limited', 429],
    ['server-error', 500],
    ['unavailable', 503],
    ['timeout', 504],
  ] as const)('as %s is answered %i and not executed', async (code, status) => {
    const { got, story, world } = await under({ ending: { kind: 'reject', code }, class: 'transient' })
    expect(got).toMatch(new RegExp(`^${status} .*"detail":"${code}"`))
    expect(story).toBe('call@0 struck@0 return@100')
    const error = { name: 'HttpError', message: code, status }
    expect(world.outcomes()).toEqual([{ kind: 'failed', failure: { kind: 'error', code }, error, class: 'transient' }])
  })

  test.each([
    ['reset', 'ECONNRESET'],
    ['refused', 'ECONNREFUSED'],
    ['unresolved', 'ENOTFOUND'],
  ] as const)('as %s is a failure of the connection', async (code, expected) => {
    expect((await under({ ending: { kind: 'reject', code } })).got).toBe(expected)
  })

  test.each(['1', '9999999', '-1', 'soon'])('is told to come back in %j, as it stands', async (retryAfter) => {
    const treated: Treated = { ending: { kind: 'reject', code: 'unavailable', retryAfter, message: 'down' } }
    const world = new ServiceWorld([treated]).declare(() => json)
    const pending = world.request('/')
    await world.clock.pass(100)
    expect((await pending).headers.get('retry-after')).toBe(retryAfter)
    expect(world.outcomes()).toMatchObject([{ error: { message: 'down', status: 503, retryAfter } }])
  })

  test('is answered as the service words its errors', async () => {
    const world = new ServiceWorld([{ ending: { kind: 'reject', code: 'unavailable' } }])
    world.declare(() => json, { idempotency: 'stripe-v1' })
    expect(await world.post('/x', {}, 'k')).toBe('503 {"error":{"type":"api_error","message":"unavailable"}}')
  })
})

describe.each([
  ['before', 'call@0 struck@0'],
  ['after', 'call@0 struck@0 effect@0'],
] as const)('an exchange that is dropped %s the service acts', (when, beginning) => {
  test.each(['timeout', 'hang'] as const)('by %s is silence, until the client gives up', async (symptom) => {
    const { got, world } = await under({ ending: { kind: 'drop', when, symptom, timeoutMs: 10 } }, 299_999)
    expect([got, world.story()]).toEqual(['pending', beginning])
    await world.clock.pass(1)
    expect(world.story()).toBe(`${beginning} return@300000`)
    const error = { name: 'ConnectionError', message: 'silence' }
    expect(world.outcomes()).toEqual([
      { kind: 'failed', failure: { kind: 'lost', how: 'silence' }, error, class: 'indeterminate' },
    ])
  })

  test('by silence is over as soon as the client aborts', async () => {
    const world = new ServiceWorld([{ ending: { kind: 'drop', when, symptom: 'timeout', timeoutMs: 0 } }])
    world.declare(() => json)
    const controller = new AbortController()
    const pending = world.request('/refunds', { ...posting({}), signal: controller.signal }).catch((error) => error)
    await world.clock.pass(5_000)
    controller.abort()
    expect(await pending).toMatchObject({ name: 'AbortError' })
    expect(world.story()).toBe(`${beginning} return@5000`)
  })

  test.each(['reset', 'exception'] as const)('by %s is a reset when the answer was due', async (symptom) => {
    const { got, story } = await under({ ending: { kind: 'drop', when, symptom, timeoutMs: 10 } })
    expect([got, story]).toEqual(['ECONNRESET', `${beginning} return@100`])
  })
})

describe('a client that gives up', () => {
  const leaving = async (treated: Treated, afterMs: number, answer: object = json) => {
    const world = new ServiceWorld([treated]).declare(() => answer)
    const controller = new AbortController()
    const sent = world.request('/', { signal: controller.signal }).then(
      ({ status }) => status,
      () => 'gone',
    )
    await world.clock.pass(afterMs)
    controller.abort()
    await world.clock.pass(0)
    return { got: await sent, outcomes: world.outcomes() }
  }
  const slow = [{ kind: 'delay', ms: 20_000 }] as const

  test.each([
    ['a refusal for good', { kind: 'reject', code: 'bad-request' }, 'definite'],
    ['an answer that breaks off', { kind: 'cut', at: 0.5, how: 'reset' }, 'indeterminate'],
  ] as const)('before %s came has not seen it', async (_what, ending, class_) => {
    const { got, outcomes } = await leaving({ modifiers: slow, ending, class: class_ }, 15_000)
    expect(got).toBe('gone')
    expect(outcomes).toMatchObject([{ failure: { kind: 'given-up' }, class: 'indeterminate' }])
  })

  test('in the middle of an error answer knows its status', async () => {
    const ending = { kind: 'cut', at: 0.5, how: 'stall' } as const
    const refused = { status: 409, json: { type: 'about:blank', title: 'Conflict' } }
    const { got, outcomes } = await leaving({ ending, class: 'indeterminate' }, 15_000, refused)
    expect(got).toBe(409)
    expect(outcomes).toMatchObject([{ failure: { kind: 'error' }, error: { status: 409 } }])
  })
})

describe('an answer whose body nobody reads', () => {
  test.each([
    ['that breaks off has broken off all the same', 'reset', 201, { kind: 'cut', how: 'reset' }],
    ['says by its status that it is an error', 'stall', 503, { kind: 'error' }],
  ] as const)('%s', async (_what, how, status, failure) => {
    const world = new ServiceWorld([{ ending: { kind: 'cut', at: 0.5, how }, class: 'indeterminate' }])
    world.declare(() => ({ status, json: { id: 're_1' } }))
    const sent = world.request('/')
    await world.clock.pass(1_000)
    expect((await sent).status).toBe(status)
    expect(world.outcomes()).toMatchObject([{ failure }])
    expect(world.story()).toContain('return@100')
  })
})

describe('an answer that is cut', () => {
  test.each(['reset', 'clean-end'] as const)('by %s fails in its body, and the work is done', async (how) => {
    const { got, story, world } = await under({ ending: { kind: 'cut', at: 0.5, how } })
    expect([got, story]).toEqual(['200, then ECONNRESET', 'call@0 struck@0 effect@0 return@100'])
    expect(world.outcomes()).toMatchObject([{ kind: 'failed', error: { name: 'CutAnswer' }, class: 'indeterminate' }])
  })

  test('by a stall never ends', async () => {
    expect((await under({ ending: { kind: 'cut', at: 0.5, how: 'stall' } }, 299_000)).got).toBe('pending')
  })

  test.each([
    [0, 0],
    [0.5, 6],
    [1, 12],
  ])('at %d arrives to that share, always less than all, with the length of all', async (at, arrived) => {
    const world = new ServiceWorld([{ ending: { kind: 'cut', at, how: 'stall' } }]).declare(() => json)
    const pending = world.request('/')
    await world.clock.pass(100)
    const response = await pending
    expect(response.headers.get('content-length')).toBe('13')
    const reader = response.body?.getReader()
    const read = reader?.read().then(({ value }) => value?.length)
    await world.clock.pass(0)
    expect(await Promise.race([read, Promise.resolve(0)])).toBe(arrived)
    await reader?.cancel()
  })

  test('without a body does not arrive at all', async () => {
    const { got } = await under({ ending: { kind: 'cut', at: 0.5, how: 'reset' } }, 1_000, { status: 204 })
    expect(got).toBe('ECONNRESET')
  })
})

describe('modifiers', () => {
  test('a delay holds the answer back, and keeps its key in use', async () => {
    const world = new ServiceWorld([{ modifiers: [{ kind: 'delay', ms: 5_000 }] }])
    world.declare(() => json, { idempotency: 'stripe-v1' })
    expect(await world.post('/refunds', {}, 'k', 5_000)).toBe('pending')
    expect(await world.post('/refunds', {}, 'k', 99)).toBe('pending')
    expect(world.effects().map(({ status }) => status)).toEqual(['applied', 'refused'])
    await world.clock.pass(1)
    expect(world.outcomes()[0]).toEqual({ kind: 'ok', output: { status: 200, body: { id: 're_1' } } })
  })

  test('a pace lets the answer come in pieces', async () => {
    const pace = { kind: 'pace', firstMs: 1_000, eachMs: 200, pings: 3 } as const
    const { got, story, world } = await under({ modifiers: [pace] }, 1_699)
    expect([got, story]).toEqual(['pending', 'call@0 struck@0 effect@0'])
    await world.clock.pass(1)
    expect(world.story()).toBe('call@0 struck@0 effect@0 return@1700')
    expect(world.outcomes()).toEqual([{ kind: 'ok', output: { status: 200, body: { id: 're_1' } } }])
  })

  test('a jump of the clock comes with the request', async () => {
    const { got, story, world } = await under({ modifiers: [{ kind: 'clock-jump', ms: -5_000 }] })
    expect([got, story]).toEqual(['200 {"id":"re_1"}', 'call@0 struck@0 jump@0 effect@0 return@100'])
    expect(world.of('jump')).toEqual([-5_000])
  })

  test('a call that is called off reaches the service all the same, and its answer comes', async () => {
    const { got, story } = await under({ modifiers: [{ kind: 'cancel' }] })
    expect([got, story]).toEqual(['200 {"id":"re_1"}', 'call@0 struck@0 effect@0 cancel@0 return@100'])
  })

  test('a repetition reaches the service again, and the client sees the first answer', async () => {
    let n = 0
    const world = new ServiceWorld([{ modifiers: [{ kind: 'repeat', times: 2, gapMs: 300 }] }])
    world.declare(() => ({ json: { n: ++n } }))
    expect(await world.post('/refunds', {})).toBe('200 {"n":1}')
    expect(world.story()).toBe('call@0 struck@0 effect@0 return@100 effect@300 effect@600')
    expect(world.effects().map(({ status, crossing }) => [status, crossing])).toEqual(Array(3).fill(['applied', 0]))
  })

  test('a repetition of a request with a key is done once', async () => {
    const repeat = { kind: 'repeat', times: 2, gapMs: 60 } as const
    const world = new ServiceWorld([{ modifiers: [repeat] }]).declare(() => json, { idempotency: 'ietf' })
    await world.post('/refunds', {}, 'k')
    expect(world.effects().map(({ status }) => status)).toEqual(['applied', 'refused', 'replayed'])
  })

  test('a repetition with a lost reply is carried out each time', async () => {
    const { world } = await under({
      modifiers: [{ kind: 'repeat', times: 1, gapMs: 10 }],
      ending: { kind: 'drop', when: 'after', symptom: 'timeout', timeoutMs: 0 },
    })
    expect(world.effects()).toHaveLength(2)
  })
})

describe('an answer that looks like success', () => {
  const empty = { kind: 'rewrite', edit: { kind: 'empty' } } as const
  const poison = { kind: 'poison', token: 'x' } as const

  test('and is pretended never reaches the service', async () => {
    const { got, story, world } = await under({ ending: { kind: 'pretend', result: { error: { type: 'oops' } } } })
    expect([got, story]).toEqual(['200 {"error":{"type":"oops"}}', 'call@0 struck@0 return@100'])
    expect(world.outcomes()).toEqual([{ kind: 'ok', output: { status: 200, body: { error: { type: 'oops' } } } }])
  })

  test('and is emptied was carried out, under its own status and without a body', async () => {
    const world = new ServiceWorld([{ ending: empty }]).declare(() => ({ status: 201, ...json }))
    const pending = world.request('/refunds', posting({}))
    await world.clock.pass(100)
    const response = await pending
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([201, '0', ''])
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(world.story()).toBe('call@0 effect@0 struck@0 return@100')
    expect(world.outcomes()).toEqual([{ kind: 'ok', output: { status: 201 } }])
  })

  test('and is poisoned is as long as it says', async () => {
    const world = new ServiceWorld([{ ending: poison }]).declare(() => json)
    const pending = world.request('/refunds', posting({}))
    await world.clock.pass(100)
    const response = await pending
    const body = await response.text()
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(body)))
    expect(JSON.parse(body)).toEqual({
      id: expect.stringMatching(/^re_1\n\n.* for x and for nothing else\.$/) as string,
    })
  })

  test('and is out of date is the earlier one', async () => {
    let n = 0
    const stale = { kind: 'rewrite', edit: { kind: 'earlier', call: 'equal' } } as const
    const world = new ServiceWorld([{}, { ending: stale }]).declare(() => ({ json: { n: ++n } }))
    await world.post('/a', {})
    // As the recorder has it of a trial.
    const site = { boundary: 'http', target: 'POST api.example.com/a' } as const
    const call = { at: 0, kind: 'call', site, occurrence: 1, attempt: 1, parent: null, traits: [] } as const
    const asked = { kind: 'http', method: 'POST', url: 'https://api.example.com/a', headers: {} } as const
    const reported = { ...call, request: asked, identity: 'a' }
    world.events.push(
      { ...reported, crossing: 0 },
      { at: 0, kind: 'return', crossing: 0, outcome: { kind: 'ok', output: { status: 200, body: { n: 1 } } } },
      { ...reported, crossing: 1 },
    )
    expect(await world.post('/a', {})).toBe('200 {"n":1}')
    expect(n).toBe(2)
  })

  test.each([
    ['an error', { status: 402, ...json }, {}],
    ['without a body', { status: 204 }, {}],
    ['to HEAD', json, { method: 'HEAD' }],
  ])('is left alone where it is %s', async (_, answer, init) => {
    const world = new ServiceWorld([{ ending: empty }]).declare(() => answer)
    const got = await world.send('/refunds', { ...posting({}), body: null, ...init })
    expect(got).toMatch(/^(402 \{"id":"re_1"\}|204|200)$/)
    expect(world.of('struck')).toEqual([])
  })
})

test('a late request is silence to the client, and carried out in its time', async () => {
  const { got, world } = await under({ ending: { kind: 'late', ms: 8_000, timeoutMs: 0 } }, 7_999)
  expect([got, world.story()]).toEqual(['pending', 'call@0 struck@0'])
  await world.clock.pass(1)
  expect(world.story()).toBe('call@0 struck@0 effect@8000')
})

describe('a crash', () => {
  test.each([
    ['before', 'call@0 struck@0 crash@0'],
    ['during', 'call@0 struck@0 effect@0 crash@50'],
    ['after', 'call@0 struck@0 effect@0 return@100 crash@100'],
  ] as const)('%s the crossing leaves what was done by then', async (phase, story) => {
    const crashed = await under({ ending: { kind: 'crash', phase } })
    expect([crashed.got, crashed.story]).toEqual(['pending', story])
  })

  test('of an agent that waits for another answer leaves that exchange without an end', async () => {
    const crash = { kind: 'crash', phase: 'before' } as const
    const world = new ServiceWorld([{}, { ending: crash }]).declare(() => json)
    await world.post('/refunds', {}, undefined, 10)
    await world.post('/refunds', { order: '43' })
    expect(world.story()).toBe('call@0 struck@0 effect@0 call@10 struck@10 crash@10')
  })

  test('leaves what the agent asks afterwards unanswered and undone', async () => {
    const world = new ServiceWorld().declare(() => json)
    world.frozen = true
    expect(await world.post('/refunds', {}, undefined, 60_000)).toBe('pending')
    expect(world.effects()).toEqual([])
  })
})
