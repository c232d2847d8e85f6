/** What a scenario declares, what its services are asked and answer, and what the ledger says of it. */
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../../harness/contracts/errors.js'
import type { ServiceOptions, ServiceRequest } from '../../../../harness/contracts/service.js'
import { origin, posting, ServiceWorld } from '../../../support/boundaries/service-world.js'

describe('a declaration is refused, with words that help,', () => {
  const refusal = (given: string, options?: ServiceOptions): unknown => {
    const { services } = new ServiceWorld().declare(() => ({}))
    try {
      services.service(given, () => ({}), options)
    } catch (error) {
      return error
    }
    return undefined
  }

  test.each([
    ['of what is no URL', 'api.stripe.com', /expected an origin such as .* Did you mean "https:\/\/api\.stripe\.com"/],
    ['with a path', 'https://api.stripe.com/v1', /without path.* Did you mean "https:\/\/api\.stripe\.com"/],
    ['with a query', 'https://api.stripe.com?a=1', /without path, query/],
    ['of another protocol', 'ftp://files.example.com', /http: or https:/],
    ['of this machine', 'http://localhost:3000', /loopback is real/],
    ['of this machine by address', 'http://127.0.0.1', /loopback is real/],
    ["of a model provider's origin", 'https://api.anthropic.com', /the scenario's model answers there/],
    ['of one that is declared', 'https://api.example.com:443/', /declared already/],
  ])('%s', (_what, given, message) => {
    expect(refusal(given)).toBeInstanceOf(UserError)
    expect((refusal(given) as Error).message).toMatch(message)
    expect((refusal(given) as Error).message).toContain(`http.service("${given}")`)
  })

  test.each([
    ['a profile that is misspelt', { idempotency: 'stripe-v3' }, /got "stripe-v3"\. Did you mean "stripe-v1"\?/],
    ['a latency that is none', { latencyMs: -1 }, /latencyMs: expected virtual milliseconds/],
    ['an intent that is no function', { intent: 'refund' }, /intent: expected a function/],
  ])('with %s', (_what, options, message) => {
    expect((refusal('https://other.example.com', options as unknown as ServiceOptions) as Error).message).toMatch(
      message,
    )
  })

  test('without a handler', () => {
    const { services } = new ServiceWorld()
    expect(() => services.service(origin, undefined as never)).toThrow(/expected a handler function/)
  })
})

test('the origins that are served are known, and others have no endpoint', () => {
  const { services } = new ServiceWorld().declare(() => ({}))
  services.service('http://hooks.example.com:8080', () => ({}))
  expect(services.origins).toEqual([origin, 'http://hooks.example.com:8080'])
  expect(services.endpoint('http://hooks.example.com:8080/x')).toBeTypeOf('function')
  expect(services.endpoint('http://hooks.example.com/x')).toBeUndefined()
  expect(services.endpoint('not a url')).toBeUndefined()
})

describe('a request', () => {
  test.each([
    ['/v1/refunds', 'POST api.example.com/v1/refunds'],
    ['/v1/refunds/', 'POST api.example.com/v1/refunds'],
    ['/v1/refunds?expand=all', 'POST api.example.com/v1/refunds'],
    ['/', 'POST api.example.com'],
  ])('to %s is a crossing of its method, host and path', async (path, target) => {
    const world = new ServiceWorld().declare(() => ({}))
    await world.post(path, {})
    expect(world.of('call')).toMatchObject([{ target, parent: 7, traits: [] }])
  })

  test('keeps a port that is not the default in its address', () => {
    const world = new ServiceWorld()
    world.services.service('http://hooks.example.com:8080', () => ({}))
    const url = 'http://hooks.example.com:8080/x'
    world.services.endpoint(url)?.({ method: 'GET', url, body: '', header: () => null, headers: () => ({}) })
    expect(world.of('call')).toMatchObject([{ target: 'GET hooks.example.com:8080/x' }])
  })

  test('is told from another by method, path, query, body and key, and by nothing that is volatile', async () => {
    const world = new ServiceWorld().declare(() => ({}))
    const input = async (path: string, init: RequestInit) => {
      await world.send(path, init)
      return (world.of('call').at(-1) as { readonly identity: string }).identity
    }
    const first = await input('/a?x=1', posting({ n: 1 }, 'k'))
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k', 'user-agent': 'other/2' }
    expect(await input('/a?x=1', { ...posting({ n: 1 }), headers })).toBe(first)
    expect(await input('/a?x=2', posting({ n: 1 }, 'k'))).not.toBe(first)
    expect(await input('/a?x=1', posting({ n: 2 }, 'k'))).not.toBe(first)
    expect(await input('/a?x=1', posting({ n: 1 }, 'l'))).not.toBe(first)
  })

  test('can be selected by what is in it', async () => {
    const world = new ServiceWorld().declare(() => ({}))
    await world.post('/a?x=1', { order: { id: '42' } })
    expect(world.argument).toMatchObject({ method: 'POST', url: `${origin}/a?x=1`, body: { order: { id: '42' } } })
  })

  test.each<[string, RequestInit, Partial<ServiceRequest>]>([
    ['JSON', posting({ a: 1 }), { data: { a: 1 }, body: '{"a":1}' }],
    [
      'JSON of a vendor',
      { method: 'PUT', body: '[1]', headers: { 'content-type': 'application/vnd.x+json' } },
      { data: [1] },
    ],
    [
      'JSON that does not parse',
      { method: 'PUT', body: '{', headers: { 'content-type': 'application/json' } },
      { data: '{' },
    ],
    [
      'a form',
      {
        method: 'POST',
        body: 'a=1&b=x+y&c=2&c=3',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      },
      { data: { a: '1', b: 'x y', c: ['2', '3'] } },
    ],
    ['a text', { method: 'POST', body: 'hello' }, { data: 'hello', body: 'hello' }],
    ['no body', {}, { method: 'GET', data: '', body: '' }],
  ])('with %s reaches the handler parsed', async (_what, init, expected) => {
    const seen: ServiceRequest[] = []
    const world = new ServiceWorld().declare((request) => {
      seen.push(request)
      return {}
    })
    await world.send('/v1/x?y=z', { ...init, headers: { ...init.headers, 'X-Account': 'acct_1' } })
    expect(seen[0]).toMatchObject(expected)
    expect(seen[0]?.url.searchParams.get('y')).toBe('z')
    expect(seen[0]?.headers['x-account']).toBe('acct_1')
  })
})

describe('an answer', () => {
  test.each([
    [{ json: { id: 're_1' } }, '200 {"id":"re_1"}', { status: 200, body: { id: 're_1' } }],
    [{ body: '{ "id": 1 }' }, '200 { "id": 1 }', { status: 200, body: '{ "id": 1 }' }],
    [{ status: 201, body: 'made' }, '201 made', { status: 201, body: 'made' }],
    [{ status: 204 }, '204', { status: 204 }],
    [{}, '200', { status: 200 }],
  ])('%j arrives as it is', async (answer, expected, output) => {
    const world = new ServiceWorld().declare(() => answer)
    expect(await world.send('/')).toBe(expected)
    expect(world.outcomes()).toEqual([{ kind: 'ok', output }])
  })

  test('says its type and length, and keeps the headers that the handler gave', async () => {
    const world = new ServiceWorld().declare(() => ({ json: { a: 'é' }, headers: { 'Request-Id': 'req_1' } }))
    const pending = world.request('/')
    await world.clock.pass(100)
    const headers = Object.fromEntries((await pending).headers)
    expect(headers).toEqual({ 'content-type': 'application/json', 'content-length': '10', 'request-id': 'req_1' })
  })

  test('to HEAD has no body', async () => {
    const world = new ServiceWorld().declare(() => ({ json: [1, 2, 3] }))
    expect(await world.send('/', { method: 'HEAD' })).toBe('200')
  })

  test('takes 100 ms unless the service says otherwise, and a handler that takes its time longer', async () => {
    const quick = new ServiceWorld().declare(() => ({}), { latencyMs: 5 })
    await quick.send('/')
    expect(quick.story()).toBe('call@0 return@5')
    const usual = new ServiceWorld().declare(() => ({}))
    await usual.send('/')
    expect(usual.story()).toBe('call@0 return@100')
    const slow: ServiceWorld = new ServiceWorld().declare(() => slow.clock.sleep(40).then(() => ({})))
    await slow.send('/')
    expect(slow.story()).toBe('call@0 return@140')
  })

  test.each([
    ['throws', () => Promise.reject(new Error('no stock'))],
    [
      'throws at once',
      () => {
        throw new Error('no stock')
      },
    ],
  ])('of a handler that %s is a 500', async (_what, handler) => {
    const world = new ServiceWorld().declare(handler)
    const problem = { type: 'about:blank', title: 'Internal Server Error', status: 500, detail: 'no stock' }
    expect(await world.post('/orders', {})).toBe(`500 ${JSON.stringify(problem)}`)
    expect(world.effects()).toMatchObject([{ status: 'refused' }])
  })

  test.each([{ status: 99 }, { status: 200.5 }, { json: 1, body: 'x' }])(
    'that cannot be sent, %j, is a 500',
    async (answer) => {
      expect(await new ServiceWorld().declare(() => answer).send('/')).toMatch(/^500 .*expected/)
    },
  )
})

describe('what an oracle may rely on after a refusal', () => {
  test.each([
    ['POST', 400, 'definite'],
    ['POST', 404, 'definite'],
    ['POST', 409, 'unknown'],
    ['POST', 429, 'transient'],
    ['POST', 500, 'indeterminate'],
    ['POST', 503, 'transient'],
    ['GET', 401, 'definite'],
    ['GET', 404, 'unknown'],
    ['GET', 500, 'transient'],
  ])('%s answered %i: %s', async (method, status, class_) => {
    const world = new ServiceWorld().declare(() => ({ status, headers: { 'Retry-After': '7' } }))
    await world.send('/', { method })
    const error = { name: 'HttpError', message: `answered ${status}`, status, retryAfter: '7' }
    expect(world.outcomes()).toEqual([{ kind: 'failed', failure: { kind: 'error' }, error, class: class_ }])
  })
})

describe('the ledger', () => {
  test('holds every unsafe request that was carried out, before its answer arrives', async () => {
    const world = new ServiceWorld().declare(() => ({ status: 201 }))
    await world.post('/v1/refunds', { order: '42' }, 'k1')
    expect(world.effects()).toEqual([
      {
        crossing: 0,
        effect: { kind: 'POST api.example.com/v1/refunds', id: '{"order":"42"}' },
        key: 'k1',
        payload: { order: '42' },
        status: 'applied',
        steps: [0],
        stepsTotal: 1,
      },
    ])
    expect(world.story()).toBe('call@0 effect@0 return@100')
  })

  test.each(['GET', 'HEAD', 'OPTIONS'])('holds no %s', async (method) => {
    const world = new ServiceWorld().declare(() => ({}))
    await world.send('/', { method })
    expect(world.effects()).toEqual([])
  })

  test('says what was refused', async () => {
    const world = new ServiceWorld().declare(() => ({ status: 422 }))
    await world.send('/x', { method: 'DELETE' })
    expect(world.effects()).toMatchObject([{ status: 'refused', steps: [], stepsTotal: 1, key: null, payload: null }])
  })

  test('names the change as the scenario does, and leaves out what changes nothing', async () => {
    const intent: ServiceOptions['intent'] = ({ url, data }) =>
      url.pathname === '/search' ? null : { kind: 'refund', intent: (data as { readonly order: number }).order }
    const world = new ServiceWorld().declare(() => ({}), { intent })
    await world.post('/refunds', { order: 42 })
    await world.post('/search', { query: 'x' })
    expect(world.effects().map(({ effect }) => effect)).toEqual([{ kind: 'refund', id: '42' }])
  })
  test('has a write that found its change made already as not applied again, whether its handler takes time or not', async () => {
    const documents = new Map<string, string>()
    const put = ({ url, body }: ServiceRequest) => {
      const changed = documents.get(url.pathname) !== body
      documents.set(url.pathname, body)
      return { status: changed ? 201 : 200, changed }
    }
    for (const handler of [put, async (request: ServiceRequest) => put(request)]) {
      documents.clear()
      const world = new ServiceWorld().declare(handler)
      for (const body of ['a', 'a', 'b']) await world.send('/document', { method: 'PUT', body })
      expect(world.effects().map(({ status, steps }) => [status, steps])).toEqual([
        ['applied', [0]],
        ['replayed', []],
        ['applied', [0]],
      ])
      expect(world.outcomes()).toEqual([201, 200, 201].map((status) => ({ kind: 'ok', output: { status } })))
    }
  })

  test('has what was refused as refused, also where the service says that nothing changed', async () => {
    const world = new ServiceWorld().declare(() => ({ status: 409, changed: false }))
    await world.post('/x', {})
    expect(world.effects()).toMatchObject([{ status: 'refused' }])
  })
})
