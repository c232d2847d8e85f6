/** Bodies are bytes: what a client sends is what a service gets, and the other way round, whatever they are and over which transport. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServiceAnswer, ServiceRequest } from '../../../harness/contracts/service.js'
import { real } from '../../../harness/sandbox/real.js'
import { trialFetch } from '../../../harness/transports/memory/fetch.js'
import { socket } from '../../../harness/transports/socket/transport.js'
import { origin, ServiceWorld, type Treated } from '../../support/boundaries/service-world.js'
import { shapeOf } from '../../support/error-shape.js'
import { HandClock, rejection } from '../../support/providers/simulated.js'
import { open, routerBy } from '../../support/transports/opened.js'

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
/** No text in UTF-8, and each value of a byte. */
const every = Uint8Array.from({ length: 256 }, (_, value) => value)

type Way = (
  answer: ServiceAnswer,
  ask: (get: typeof fetch) => Promise<unknown>,
) => Promise<{ got: unknown; asked: ServiceRequest[]; happenings: unknown }>

function serveAnswer(answer: ServiceAnswer) {
  const asked: ServiceRequest[] = []
  const world = new ServiceWorld([{}]).declare(
    (request) => {
      asked.push(request)
      return answer
    },
    { latencyMs: 0 },
  )
  const endpoint = world.services.endpoint(origin)
  if (!endpoint) throw new Error('no service is declared')
  return { world, endpoint, asked }
}

const ways: Readonly<Record<string, Way>> = {
  'fetch in memory': async (answer, ask) => {
    const { world, endpoint, asked } = serveAnswer(answer)
    const got = await ask(trialFetch(routerBy({ endpoint: () => endpoint }), new HandClock().sleep, real.fetch))
    return { got, asked, happenings: world.happenings }
  },
  'the platform over a socket': async (answer, ask) => {
    const { world, endpoint, asked } = serveAnswer(answer)
    const { stop } = open(socket, { endpoint: () => endpoint }, { sleep, frozen: false })
    try {
      return { got: await ask(real.fetch), asked, happenings: world.happenings }
    } finally {
      stop()
    }
  },
}

describe.each(Object.entries(ways))('over %s', (_, way) => {
  test.each([
    ['bytes', { body: every }],
    ['bytes that are gzipped', { body: zlib.gzipSync(every), headers: { 'content-encoding': 'gzip' } }],
    [
      'bytes under two codings',
      { body: zlib.brotliCompressSync(zlib.gzipSync(every)), headers: { 'content-encoding': 'gzip, br' } },
    ],
  ])('a service gets %s as what they are', async (_what, init) => {
    const { asked } = await way({}, (get) => get(`${origin}/x`, { method: 'POST', ...init }))
    expect(asked[0]?.bytes).toEqual(every)
    expect(asked[0]?.data).toEqual(every)
  })

  test('a service gets JSON that is gzipped as data', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
    const body = zlib.gzipSync('{"text":"é🚚"}')
    const { asked } = await way({}, (get) => get(`${origin}/x`, { method: 'POST', headers, body }))
    expect(asked[0]?.data).toEqual({ text: 'é🚚' })
    expect(asked[0]?.headers['content-encoding']).toBe('gzip')
  })

  test('a coding that is not what it says leaves the body as it came', async () => {
    const { asked } = await way({}, (get) =>
      get(`${origin}/x`, { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: 'plain' }),
    )
    expect(asked[0]?.body).toBe('plain')
  })

  test('a service gets a form of several parts, which are equal when they are sent again', async () => {
    const send = (get: typeof fetch) => {
      const form = new FormData()
      form.set('name', 'é')
      form.set('file', new Blob([every]), 'every.bin')
      return get(`${origin}/x`, { method: 'POST', body: form })
    }
    const { asked, happenings } = await way({}, async (get) => [await send(get), await send(get)])
    const { bytes, headers } = asked[0] as ServiceRequest
    const form = await new Response(new Uint8Array(bytes), { headers }).formData()
    expect(form.get('name')).toBe('é')
    expect(new Uint8Array(await (form.get('file') as File).arrayBuffer())).toEqual(every)
    const calls = (happenings as { what: string; facts: { identity?: string } }[]).filter(({ what }) => what === 'call')
    expect(new Set(calls.map(({ facts }) => facts.identity)).size).toBe(1)
  })

  test.each([
    ['bytes', { body: every }],
    ['bytes that are gzipped', { body: zlib.gzipSync(every), headers: { 'content-encoding': 'gzip' } }],
    ['bytes that are deflated', { body: zlib.deflateSync(every), headers: { 'content-encoding': 'deflate' } }],
    [
      'bytes under two codings',
      { body: zlib.brotliCompressSync(zlib.gzipSync(every)), headers: { 'content-encoding': 'gzip, br' } },
    ],
  ])('a client gets %s as what they are', async (_what, answer) => {
    const { got } = await way(answer, async (get) => {
      const response = await get(`${origin}/x`)
      return {
        bytes: new Uint8Array(await response.arrayBuffer()),
        type: response.headers.get('content-type'),
        length: response.headers.get('content-length'),
        coding: response.headers.get('content-encoding'),
      }
    })
    const coding = 'headers' in answer ? answer.headers['content-encoding'] : null
    expect(got).toEqual({
      bytes: every,
      type: 'application/octet-stream',
      length: String(answer.body.length),
      coding: coding ?? null,
    })
  })
})

describe('a coding that is untrue of an answer', () => {
  const answer = { headers: { 'content-encoding': 'gzip' }, body: 'plain' }
  const server = createServer((_, response) => response.writeHead(200, answer.headers).end(answer.body))
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })

  test.each(Object.entries(ways))('fails a client as it does in reality: %s', async (_, way) => {
    const { port } = server.address() as AddressInfo
    const { got } = await way(answer, (get) => rejection(get(`${origin}/x`).then((response) => response.text())))
    const expected = await rejection(real.fetch(`http://127.0.0.1:${port}/`).then((response) => response.text()))
    expect(shapeOf(got)).toEqual(shapeOf(expected))
  })
})

describe('a fault finds the content of an answer under its coding', () => {
  const coded = { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }
  const ask = async (treated: Treated[], answers: ServiceAnswer[]) => {
    const world = new ServiceWorld(treated).declare(() => answers.shift() ?? {}, { latencyMs: 0 })
    const endpoint = world.services.endpoint(origin)
    if (!endpoint) throw new Error('no service is declared')
    const get = trialFetch(routerBy({ endpoint: () => endpoint }), new HandClock().sleep, real.fetch)
    const response = await get(`${origin}/x`)
    const coding = response.headers.get('content-encoding')
    return { coding, bytes: Buffer.from(await response.arrayBuffer()), happenings: JSON.stringify(world.happenings) }
  }

  test('an instruction goes into data, which is then sent as it is', async () => {
    const answer = { ...coded, body: zlib.gzipSync('{"note":"x"}') }
    const { coding, bytes } = await ask([{ ending: { kind: 'poison', token: 'T0KEN' } }], [answer])
    expect(coding).toBeNull()
    expect(JSON.parse(bytes.toString()).note).toContain('T0KEN')
  })

  test('bytes that are no text are left alone', async () => {
    const { bytes } = await ask([{ ending: { kind: 'poison', token: 'T0KEN' } }], [{ body: every }])
    expect(new Uint8Array(bytes)).toEqual(every)
  })

  test('the record has data as data, and bytes to the byte', async () => {
    expect((await ask([{}], [{ ...coded, body: zlib.gzipSync('{"note":"x"}') }])).happenings).toContain(
      '"output":{"status":200,"body":{"note":"x"}}',
    )
    const { happenings } = await ask([{}], [{ body: Uint8Array.of(255, 0, 65) }])
    expect(happenings).toContain('"output":{"status":200,"body":"\u00ff\\u0000A","encoding":"latin1"}')
  })

  test('a cut body is cut at a byte, and what came of it can be read', async () => {
    const answer = { ...coded, body: zlib.gzipSync(JSON.stringify(Array.from({ length: 9_000 }, (_, n) => n))) }
    const cut = { ending: { kind: 'cut', at: 0.5, how: 'reset' } } as const
    await expect(ask([cut], [answer])).rejects.toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } })
  })
})
