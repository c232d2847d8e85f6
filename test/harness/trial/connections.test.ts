/** What clients that connect by themselves reach in a trial, and what they are told where they reach nothing. */
import 'agent-chaos/register'
import http from 'node:http'
import net, { type AddressInfo, type LookupFunction } from 'node:net'
import tls from 'node:tls'
import { defineScenario, runTrial, say, script } from 'agent-chaos'
import { Agent, ProxyAgent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { real } from '../../../harness/sandbox/real.js'
import { clients } from '../../support/trial/clients.js'

const origin = 'http://api.shop.example'

/** A scenario with a service at `at`, whose agent does what is given. */
function asking(agent: () => Promise<unknown>, at = origin, allow: readonly string[] = []) {
  return defineScenario({
    name: 'asking',
    task: 'Ask.',
    allow,
    world: ({ http: services }) => {
      services.service(at, ({ url }) => ({ body: `simulated ${url.pathname}` }))
      return {}
    },
    model: script([say('Asked.')]),
    agent: async () => {
      got = await agent()
    },
    goal: () => true,
  })
}

let got: unknown
const resultOf = async (agent: () => Promise<unknown>, at?: string, allow?: readonly string[]) => {
  got = undefined
  const { trace } = await runTrial(asking(agent, at, allow))
  return {
    got,
    end: trace.end.kind,
    strays: trace.events.flatMap((event) => (event.kind === 'stray-request' ? [event] : [])),
  }
}
const messageOf = (connect: () => net.Socket): Promise<string> =>
  new Promise((resolve) => connect().on('error', ({ message }) => resolve(message)))

describe('a connection', () => {
  let server: http.Server
  let port = 0
  let requests = 0
  beforeAll(async () => {
    server = http.createServer((asked, response) => {
      requests++
      response.end(`real ${asked.url}`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  /** As a resolver would, for a name that no resolver knows. */
  const lookup: LookupFunction = (_host, { all }, done) =>
    all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)

  const ofNode = (agent: http.Agent) => (url: string) =>
    new Promise<string>((resolve, reject) => {
      const options = { agent, lookup }
      const sent = http.get(url, options, async (response) => {
        let text = ''
        for await (const piece of response) text += piece
        resolve(text)
      })
      sent.on('error', reject)
    })
  it.each<[string, (url: string) => Promise<string>]>([
    ['by node:http', (url) => ofNode(new http.Agent())(url)],
    ["by undici's", (url) => ofUndici(new Agent({ connect: { lookup } }))(url)],
  ])('to a machine that the scenario allows is real, %s, and to another port of it is none', async (_by, ask) => {
    const url = (at: number) => `http://db.shop.example:${at}/x`
    const allowed = await resultOf(() => ask(url(port)), undefined, [`db.shop.example:${port}`])
    expect([allowed.got, allowed.strays]).toEqual(['real /x', []])
    const code = (error: { readonly code?: string }) => error.code
    const other = await resultOf(() => ask(url(port)).catch(code), undefined, [`db.shop.example:${port + 1}`])
    expect([other.got, other.strays.length]).toEqual(['ENOTFOUND', 1])
  })

  const ofUndici = (dispatcher: Agent) => async (url: string) => (await request(url, { dispatcher })).body.text()

  it.each<[string, (url: string) => Promise<string>]>([
    ['of an agent of node:http', ofNode(new http.Agent({ keepAlive: true, maxSockets: 1 }))],
    ["of undici's", ofUndici(new Agent({ connections: 1, connect: { lookup }, keepAliveTimeout: 60_000 }))],
  ])(
    '%s from before the trial brings nothing of it to another machine, nor anything of it to the next',
    async (_, ask) => {
      const at = `http://pool.example:${port}`
      expect(await ask(`${at}/before`)).toBe('real /before')
      const before = requests
      expect((await resultOf(async () => [await ask(`${at}/a`), await ask(`${at}/b`)], at)).got).toEqual([
        'simulated /a',
        'simulated /b',
      ])
      expect((await resultOf(() => ask(`${at}/c`), at)).got).toBe('simulated /c')
      expect(requests).toBe(before)
      expect(await ask(`${at}/after`)).toBe('real /after')
    },
  )

  it('of a fetch that was captured before the stubs is answered like any other', async () => {
    expect((await resultOf(async () => (await real.fetch(`${origin}/x`)).text())).got).toBe('simulated /x')
  })

  it('that shares the origin of a model on this machine reaches what else is there', async () => {
    const before = process.env.ANTHROPIC_BASE_URL
    process.env.ANTHROPIC_BASE_URL = `http://127.0.0.1:${port}`
    try {
      const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'x' }
      const body = JSON.stringify({
        model: 'claude-opus-5-5',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'x' }],
      })
      for (const name of ['https.request', 'undici.request']) {
        const ask = clients[name === 'https.request' ? 'axios' : name]
        const { got: answers } = await resultOf(async () => [
          (await ask?.(`http://127.0.0.1:${port}/health`, {}, ''))?.text,
          (await ask?.(`http://127.0.0.1:${port}/v1/messages`, headers, body))?.status,
        ])
        expect(answers).toEqual(['real /health', 200])
      }
    } finally {
      if (before === undefined) delete process.env.ANTHROPIC_BASE_URL
      else process.env.ANTHROPIC_BASE_URL = before
    }
  })
})

describe('what carries no request over HTTP is refused, and told what it is', () => {
  const why = /ENOTFOUND .*\(agent-chaos: it carries no request over HTTP but another protocol, or a tunnel/

  it.each<[string, () => net.Socket, string]>([
    [
      'a client that speaks first',
      () =>
        net.connect(5432, 'db.example').on('connect', function (this: net.Socket) {
          this.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
        }),
      'http://db.example:5432',
    ],
    ['a client that waits for a greeting', () => net.connect(3306, 'db.example'), 'http://db.example:3306'],
    ['a client that waits for one over TLS', () => tls.connect(465, 'mail.example'), 'https://mail.example:465'],
  ])('%s', async (_, connect, url) => {
    const { got: message, strays } = await resultOf(() => messageOf(connect))
    expect(message).toMatch(why)
    expect(strays).toMatchObject([{ method: 'CONNECT', url }])
  })

  it('a tunnel through a proxy', async () => {
    const dispatcher = new ProxyAgent('http://proxy.example:3128')
    const { got: error, strays } = await resultOf(() =>
      request('https://api.shop.example/x', { dispatcher }).catch((error: Error) => String(error.cause ?? error)),
    )
    expect(error).toMatch(why)
    expect(strays).toMatchObject([{ method: 'CONNECT', url: 'http://proxy.example:3128' }])
  })
})

describe('a request to an address that nobody answers', () => {
  it.each(['node-fetch', 'axios', 'undici.fetch', 'undici.request', 'undici.request over HTTP/2', 'node:http2'])(
    'of %s is told with its method and path, and why',
    async (name) => {
      const { got: error, strays } = await resultOf(async () => {
        const ask = clients[name] ?? (() => Promise.reject(new Error(name)))
        return ask('https://elsewhere.example/a', {}, 'x').catch((thrown: Error & { cause?: Error }) =>
          [thrown.message, thrown.cause?.message].join(' '),
        )
      })
      expect(strays).toMatchObject([{ method: 'POST', url: 'https://elsewhere.example/a' }])
      expect(error).toMatch(/ENOTFOUND elsewhere.example \(agent-chaos: no such service is declared/)
    },
  )
})
