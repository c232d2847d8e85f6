/** Who answers: every API of every provider that ships, whole and streamed, its utilities, and a service. Each with one question. */
import { Services } from '../../harness/boundaries/http/services.js'
import { modelEndpoint } from '../../harness/boundaries/model/endpoint.js'
import { IssuedIds } from '../../harness/boundaries/model/issued-ids.js'
import type { Reply } from '../../harness/contracts/conversation.js'
import type { Crossings } from '../../harness/contracts/crossing.js'
import type { Endpoint } from '../../harness/contracts/transport.js'
import { providers } from '../../harness/providers/catalogue.js'
import type { VirtualClock } from '../../harness/sandbox/clock.js'
import { type Question, questionTo } from '../support/providers/questions.js'
import type { Networked } from './actions.js'

export interface Peer {
  readonly name: string
  /** The API of a model, as PROVIDER/NAME. */
  readonly api?: string
  readonly isStreamed?: boolean
  readonly boundary: Networked
  readonly question: Question
  /** `origin` is where this one answers. */
  endpoint(origin: string, crossings: Crossings, clock: VirtualClock): Endpoint
}

const latencyMs = 100
const json = { 'content-type': 'application/json' }

const reply: Reply = {
  blocks: [
    { kind: 'text', text: 'At once ✓. 退款 🚚' },
    { kind: 'tool-call', id: 'A0000002aaaaBBBBccccDD', name: 'refund', input: { orderId: '42' } },
  ],
  stop: 'tool-use',
}

function models(): Peer[] {
  return providers.flatMap((provider) =>
    Object.entries(provider.apis).flatMap(([name, api]) => {
      const key = `${provider.name}/${name}`
      return [false, true].map(
        (stream): Peer => ({
          name: stream ? `${key}, streamed` : key,
          api: key,
          isStreamed: stream,
          boundary: 'model',
          question: questionTo(provider, name, stream),
          endpoint: (_origin, crossings) =>
            modelEndpoint({
              provider,
              session: api.open(),
              ids: new IssuedIds(),
              model: { reply: () => reply },
              context: { random: () => 0 },
              crossings,
              latencyMs,
            }),
        }),
      )
    }),
  )
}

/** What is asked of each utility. */
const utilityQuestions: Readonly<Record<string, Question>> = {
  'anthropic/count-tokens': {
    path: '/v1/messages/count_tokens',
    headers: { ...json, 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-ant-test' },
    body: JSON.stringify({ model: 'claude-opus-5-5', messages: [{ role: 'user', content: 'Refund order 42.' }] }),
  },
  'openai/embeddings': {
    path: '/v1/embeddings',
    headers: { ...json, authorization: 'Bearer sk-test' },
    body: JSON.stringify({ model: 'text-embedding-3-small', input: ['refunds', 'hours'], dimensions: 8 }),
  },
  'openai/conversations': {
    path: '/v1/conversations',
    headers: { ...json, authorization: 'Bearer sk-test' },
    body: JSON.stringify({ items: [{ role: 'user', content: 'Refund order 42.' }] }),
  },
  'gemini/count-tokens': {
    path: '/v1beta/models/gemini-3.1-pro-preview:countTokens',
    headers: { ...json, 'x-goog-api-key': 'AIza-test' },
    body: JSON.stringify({ contents: [{ parts: [{ text: 'Refund order 42.' }] }] }),
  },
  'gemini/embed-content': {
    path: '/v1beta/models/gemini-embedding-001:embedContent',
    headers: { ...json, 'x-goog-api-key': 'AIza-test' },
    body: JSON.stringify({ content: { parts: [{ text: 'refunds' }] }, outputDimensionality: 8 }),
  },
  'gemini/batch-embed-contents': {
    path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    headers: { ...json, 'x-goog-api-key': 'AIza-test' },
    body: JSON.stringify({ requests: [{ content: { parts: [{ text: 'refunds' }] }, outputDimensionality: 8 }] }),
  },
}

function utilities(): Peer[] {
  return providers.flatMap((provider) =>
    Object.entries(provider.utilities ?? {}).map(([name, utility]): Peer => {
      const key = `${provider.name}/${name}`
      const question = utilityQuestions[key]
      if (!question) throw new Error(`${key} has no question here: expected one, so that it is held to the contract`)
      return {
        name: key,
        boundary: 'http',
        question,
        endpoint: (_origin, crossings, clock) => servicesOf(crossings, clock).utility(utility, latencyMs),
      }
    }),
  )
}

function servicesOf(crossings: Crossings, clock: VirtualClock): Services {
  return new Services({
    crossings: () => crossings,
    record: crossings.record,
    now: () => clock.now(),
    sleep: (ms) => crossings.sleep(ms),
    parent: () => null,
    reserved: [],
  })
}

const service: Peer = {
  name: 'a service',
  boundary: 'http',
  question: {
    path: '/refunds?dry=no',
    headers: { ...json, 'idempotency-key': 'k' },
    body: '{"order":"42 🚚"}',
  },
  endpoint(origin, crossings, clock) {
    const services = servicesOf(crossings, clock)
    services.service(origin, ({ data, url }) => ({ status: 201, json: { done: data, query: url.search } }), {
      idempotency: 'stripe-v1',
      latencyMs,
    })
    const endpoint = services.endpoint(origin)
    if (!endpoint) throw new Error(`no service at ${origin}`)
    return endpoint
  },
}

export const peers: readonly Peer[] = [...models(), ...utilities(), service]
