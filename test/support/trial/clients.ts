/** HTTP clients of many makes, each as a function that asks once: by what people's agents ask models and services. */

import http2 from 'node:http2'
import { request as capturedRequest, Agent as HttpsAgent } from 'node:https'
import { createRequire } from 'node:module'
import { PassThrough, pipeline } from 'node:stream'
import { text } from 'node:stream/consumers'
import axios from 'axios'
import nodeFetch from 'node-fetch'
import * as undici from 'undici'

export interface Asked {
  readonly status: number
  readonly text: string
}

export type Client = (url: string, headers: Record<string, string>, body: string) => Promise<Asked>

const require = createRequire(import.meta.url)
const { request: commonRequest } = require('node:https') as typeof import('node:https')

/** A class of the user's own, as agents for proxies and keep-alive are. */
class OwnAgent extends HttpsAgent {}

const byNode =
  (request: typeof capturedRequest, options: object = {}): Client =>
  (url, headers, body) =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers, ...options }, (response) => {
        text(response).then((all) => resolve({ status: response.statusCode ?? 0, text: all }), reject)
      })
      sent.on('error', reject).end(body)
    })

const byFetch =
  (fetch: (url: string, init: object) => Promise<{ status: number; text(): Promise<string> }>): Client =>
  async (url, headers, body) => {
    const response = await fetch(url, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }

const byRequest =
  (make: () => undici.Dispatcher | undefined): Client =>
  async (url, headers, body) => {
    const dispatcher = make()
    const response = await undici.request(url, { method: 'POST', headers, body, ...(dispatcher && { dispatcher }) })
    return { status: response.statusCode, text: await response.body.text() }
  }

export const clients: Readonly<Record<string, Client>> = {
  'node-fetch': byFetch(nodeFetch as never),
  axios: async (url, headers, body) => {
    const { status, data } = await axios.post(url, body, { headers, responseType: 'text', transformResponse: [] })
    return { status, text: data as string }
  },
  'https.request': byNode(capturedRequest),
  'https.request, captured by require': byNode(commonRequest),
  'https.request with an agent of its own': byNode(capturedRequest, { agent: new OwnAgent({ keepAlive: true }) }),
  'undici.fetch': byFetch(undici.fetch as never),
  'undici.fetch with a dispatcher': (url, headers, body) =>
    byFetch((at, init) => undici.fetch(at, { ...init, dispatcher: new undici.Agent() }))(url, headers, body),
  'undici.request': byRequest(() => undefined),
  'undici.request by an Agent': byRequest(() => new undici.Agent({ connections: 1 })),
  'undici.request over HTTP/2': byRequest(() => new undici.Agent({ allowH2: true })),
  'undici.request by the global dispatcher': async (url, headers, body) => {
    const before = undici.getGlobalDispatcher()
    undici.setGlobalDispatcher(new undici.Agent())
    try {
      return await byRequest(() => undefined)(url, headers, body)
    } finally {
      undici.setGlobalDispatcher(before)
    }
  },
  'undici.Client': async (url, headers, body) => {
    const { origin, pathname } = new URL(url)
    const client = new undici.Client(origin)
    const response = await client.request({ path: pathname, method: 'POST', headers, body })
    return { status: response.statusCode, text: await response.body.text() }
  },
  'undici.Pool': async (url, headers, body) => {
    const { origin, pathname } = new URL(url)
    const response = await new undici.Pool(origin).request({ path: pathname, method: 'POST', headers, body })
    return { status: response.statusCode, text: await response.body.text() }
  },
  'undici.stream': async (url, headers, body) => {
    const through = new PassThrough()
    let status = 0
    await undici.stream(url, { method: 'POST', headers, body }, ({ statusCode }) => {
      status = statusCode
      return through
    })
    return { status, text: await text(through) }
  },
  'undici.pipeline': (url, headers, body) =>
    new Promise((resolve, reject) => {
      let status = 0
      const asking = undici.pipeline(url, { method: 'POST', headers }, ({ statusCode, body: answer }) => {
        status = statusCode
        return pipeline(answer, new PassThrough(), () => {})
      })
      text(asking).then((all) => resolve({ status, text: all }), reject)
      asking.end(body)
    }),
  'node:http2': async (url, headers, body) => {
    const { origin, pathname } = new URL(url)
    // Its streams tell of the same.
    const session = http2.connect(origin).on('error', () => {})
    const stream = session.request({ ...headers, ':method': 'POST', ':path': pathname })
    let status = 0
    stream.on('response', (got) => {
      status = got[':status'] ?? 0
    })
    stream.end(body)
    const all = await text(stream)
    session.close()
    return { status, text: all }
  },
}
