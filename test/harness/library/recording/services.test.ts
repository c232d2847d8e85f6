import { describe, expect, it } from 'vitest'
import type { RecordedIds, RecordedQuestion, RecordedRequest } from '../../../../harness/contracts/recording.js'
import type { WorldContext } from '../../../../harness/contracts/scenario.js'
import type {
  ServiceAnswer,
  ServiceHandler,
  ServiceOptions,
  ServiceRequest,
} from '../../../../harness/contracts/service.js'
import { RecordedServices, type RecordedState } from '../../../../harness/library/recording/services.js'

const shop = 'https://shop.example'
const read = (path: string, json: string): RecordedRequest => ({
  method: 'GET',
  url: `${shop}${path}`,
  changes: false,
  answer: { status: 200, json },
})
const change = (path: string, body: object, json: string): RecordedRequest => ({
  method: 'POST',
  url: `${shop}${path}`,
  body: body as never,
  changes: true,
  answer: { status: 201, json },
})

/** The services of a trial: what they answer, and what they know of intents. */
function declare(requests: readonly RecordedRequest[], ids: readonly RecordedIds[] = []) {
  const questions = ids.map((each) => ({ ids: each }) as RecordedQuestion)
  const services = new RecordedServices({ requests, questions }, '/x.recording.json')
  const state: RecordedState = { applied: [], asked: {} }
  const declared = new Map<string, { handler: ServiceHandler; options: ServiceOptions }>()
  const struck = { is: false }
  const http = {
    service: (origin: string, handler: ServiceHandler, options: ServiceOptions = {}) => {
      declared.set(origin, { handler, options })
    },
  } as unknown as WorldContext<RecordedState>['http']
  services.declare({ http, state, faultLanded: () => struck.is })
  const requestTo = (method: string, address: string, data?: object | Uint8Array): ServiceRequest => {
    const url = new URL(address, shop)
    const body = data === undefined ? '' : data instanceof Uint8Array ? 'latin1' : JSON.stringify(data)
    return { method, url, body, data } as unknown as ServiceRequest
  }
  const at = (url: URL) => declared.get(url.origin)
  return {
    services,
    state,
    struck,
    options: (origin: string) => declared.get(origin)?.options,
    ask: (method: string, address: string, data?: object | Uint8Array) => {
      const request = requestTo(method, address, data)
      return at(request.url)?.handler(request) as ServiceAnswer
    },
    intentOf: (method: string, address: string, data?: object) => {
      const request = requestTo(method, address, data)
      return at(request.url)?.options.intent?.(request)
    },
  }
}

const refund = change('/refunds', { orderId: '42', cents: 4200 }, 'refunded')

describe('a read', () => {
  it('is answered by what was read when the same had been changed', () => {
    const { ask } = declare([read('/orders/42', 'open'), refund, read('/orders/42', 'closed')])
    expect(ask('GET', '/orders/42').json).toBe('open')
    expect(ask('GET', '/orders/42').json).toBe('open')
    ask('POST', '/refunds', { cents: 4200, orderId: '42' })
    expect(ask('GET', '/orders/42').json).toBe('closed')
  })

  it('that was answered differently is answered in that order, and by the last from then on', () => {
    const { ask } = declare([read('/jobs/1', 'queued'), read('/jobs/1', 'running'), read('/jobs/1', 'done')])
    expect([1, 2, 3, 4].map(() => ask('GET', '/jobs/1').json)).toEqual(['queued', 'running', 'done', 'done'])
  })

  it('after a change that it never followed is not made up', () => {
    const { ask } = declare([read('/orders/42', 'open'), refund])
    ask('POST', '/refunds', { orderId: '42', cents: 4200 })
    expect(ask('GET', '/orders/42').status).toBe(503)
  })

  it('is not touched by what was changed at another service', () => {
    const mail = { ...change('/', { to: 'a' }, 'sent'), url: 'https://mail.example/send' }
    const { ask } = declare([read('/orders/42', 'open'), mail])
    ask('POST', 'https://mail.example/send', { to: 'a' })
    expect(ask('GET', '/orders/42').json).toBe('open')
  })

  it('is matched on its query by name, and on dates and UUIDs only where nothing fits better', () => {
    const days = [read('/o?on=2026-11-30&a=1', 'monday'), read('/o?on=2026-12-01&a=1', 'tuesday')]
    const { ask } = declare(days)
    expect(ask('GET', '/o?a=1&on=2026-12-01').json).toBe('tuesday')
    expect(ask('GET', '/o?a=1&on=2026-11-30').json).toBe('monday')
    expect(declare(days).ask('GET', '/o?a=1&on=2027-01-05').json).toBe('monday')
  })

  it('that was never made is refused with the first field that differs, and answered 404 after a fault', () => {
    const { ask, struck } = declare([read('/orders/42', 'open'), refund])
    expect(() => ask('POST', '/refunds', { orderId: '42', cents: 1 })).toThrow(
      `POST ${shop}/refunds was not recorded. Next to it is requests[1]: body.cents differs: recorded 4200, got 1`,
    )
    struck.is = true
    expect(ask('GET', '/orders/43').status).toBe(404)
  })
})

describe('ids that a vendor gave', () => {
  const [answer, used] = ['resp_0f3c9aaaa', 'call_0f3c9aaaa']
  const asked = { ...change('/session', { last: answer, uses: [used], '1': 1 }, 'told'), method: 'PUT' }

  it('may be others when a service is told of them, and all else may not', () => {
    const { ask, intentOf, services } = declare([asked], [{ answer, calls: [used, '1'] }])
    const other = { last: 'resp_other', uses: ['call_other'], '1': 1 }
    expect(ask('PUT', '/session', other).json).toBe('told')
    expect(intentOf('PUT', '/session', other)).toMatchObject({ intent: services.intents[0]?.id })
    expect(() => ask('PUT', '/session', { ...other, '1': 2 })).toThrow('body.1 differs: recorded 1, got 2')
  })

  it('are any text where nobody gave them', () => {
    expect(() => declare([asked]).ask('PUT', '/session', { last: 'resp_other', uses: [used], '1': 1 })).toThrow(
      `body.last differs: recorded "${answer}", got "resp_other"`,
    )
  })
})

describe('a change', () => {
  it('that was made more than once is made one after the other', () => {
    const { ask, services, state } = declare([change('/n', {}, 'n1'), change('/n', {}, 'n2')])
    expect(ask('POST', '/n', {}).json).toBe('n1')
    expect(services.isDone(state)).toBe(false)
    expect(ask('POST', '/n', {}).json).toBe('n2')
    expect(ask('POST', '/n', {}).json).toBe('n2')
    expect([services.isDone(state), state.applied]).toEqual([true, [0, 1]])
  })

  it('has an intent by its body, once for the same at another time', () => {
    const { intentOf, services } = declare([change('/r', { id: '42', at: '2026-11-30' }, 'ok'), read('/r', 'r')])
    const intent = { kind: 'POST shop.example/r', intent: '{"id":"42","at":"<time>"}' }
    expect(services.intents).toEqual([{ kind: intent.kind, id: intent.intent }])
    expect(intentOf('POST', '/r', { id: '42', at: '2027-01-01' })).toEqual(intent)
    // One that nobody recorded has its own.
    expect(intentOf('POST', '/r', { id: '43' })).toEqual({ ...intent, intent: '{"id":"43"}' })
  })

  it('has none where two that are alike were made: either may be meant', () => {
    const uuids = ['0b0c1f5e-3a52-4d0c-9d3f-1c2b3a4d5e6f', '9b0c1f5e-3a52-4d0c-9d3f-1c2b3a4d5e6f']
    const { ask, intentOf, services } = declare(uuids.map((id, at) => change('/r', { id }, `r${at}`)))
    expect(services.intents).toEqual([])
    expect(intentOf('POST', '/r', { id: uuids[1] })).toBeNull()
    // And yet each has its own answer.
    expect(ask('POST', '/r', { id: uuids[1] }).json).toBe('r1')
  })

  it('that only looks something up is none, and has no intent', () => {
    const { ask, intentOf, services, state } = declare([{ ...change('/search', { q: 'a' }, 'hits'), changes: false }])
    expect(ask('POST', '/search', { q: 'a' }).json).toBe('hits')
    expect([intentOf('POST', '/search', { q: 'a' }), services.intents, state.applied]).toEqual([null, [], []])
  })
})

it('a service that was asked with keys heeds them; another does not', () => {
  const mail = { ...change('/', {}, 'sent'), url: 'https://mail.example/send' }
  const { options } = declare([{ ...refund, keyed: true }, mail])
  expect(options(shop)?.idempotency).toBe('ietf')
  expect(options('https://mail.example')?.idempotency).toBeUndefined()
})

it('bytes come back as they were, and are matched as they are', () => {
  const answer = { status: 200, body: '\u0000\u00ff', encoding: 'latin1' as const }
  const { ask } = declare([{ method: 'PUT', url: `${shop}/f`, body: 'latin1', changes: true, answer }])
  expect(ask('PUT', '/f', new Uint8Array([1]))).toEqual({ status: 200, body: Buffer.from([0, 255]) })
})
