/** Who answers: every API of every provider that ships, whole and streamed, and a service. Each with one question to it. */
import { Services } from '../../harness/boundaries/http/services.js'
import { modelEndpoint } from '../../harness/boundaries/model/endpoint.js'
import { IssuedIds } from '../../harness/boundaries/model/issued-ids.js'
import type { Reply } from '../../harness/contracts/conversation.js'
import type { Crossings } from '../../harness/contracts/crossing.js'
import type { Provider } from '../../harness/contracts/provider.js'
import type { Endpoint } from '../../harness/contracts/transport.js'
import { providers } from '../../harness/providers/catalogue.js'
import type { VirtualClock } from '../../harness/sandbox/clock.js'
import type { Networked } from './actions.js'

export interface Question {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

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
const lastCall = 'A0000001aaaaBBBBccccDD'
const json = { 'content-type': 'application/json' }

const reply: Reply = {
  blocks: [
    { kind: 'text', text: 'At once ✓. 退款 🚚' },
    { kind: 'tool-call', id: 'A0000002aaaaBBBBccccDD', name: 'refund', input: { orderId: '42' } },
  ],
  stop: 'tool-use',
}

/** A conversation with a call and its result, as each API has it on its wire. */
const questions: Readonly<Record<string, (provider: Provider, stream: boolean) => Question>> = {
  'anthropic/messages': ({ callIds }, stream) => ({
    path: '/v1/messages',
    headers: { ...json, 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-ant-test' },
    body: JSON.stringify({
      model: 'claude-opus-5-5',
      max_tokens: 1024,
      stream,
      tools: [{ name: 'refund', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: 'Refund order 42.' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: callIds.write(lastCall), name: 'refund', input: { orderId: '42' } }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: callIds.write(lastCall), content: 'ETIMEDOUT', is_error: true },
          ],
        },
      ],
    }),
  }),
}

function models(): Peer[] {
  return providers.flatMap((provider) =>
    Object.entries(provider.apis).flatMap(([name, api]) => {
      const key = `${provider.name}/${name}`
      const question = questions[key]
      if (!question) throw new Error(`${key} has no question here: expected one, so that it is held to the contract`)
      return [false, true].map(
        (stream): Peer => ({
          name: stream ? `${key}, streamed` : key,
          api: key,
          isStreamed: stream,
          boundary: 'model',
          question: question(provider, stream),
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

const service: Peer = {
  name: 'a service',
  boundary: 'http',
  question: {
    path: '/refunds?dry=no',
    headers: { ...json, 'idempotency-key': 'k' },
    body: '{"order":"42 🚚"}',
  },
  endpoint(origin, crossings, clock) {
    const services = new Services({
      crossings: () => crossings,
      record: crossings.record,
      now: () => clock.now(),
      sleep: (ms) => crossings.sleep(ms),
      parent: () => null,
      reserved: [],
    })
    services.service(origin, ({ data, url }) => ({ status: 201, json: { done: data, query: url.search } }), {
      idempotency: 'stripe-v1',
      latencyMs,
    })
    const endpoint = services.endpoint(origin)
    if (!endpoint) throw new Error(`no service at ${origin}`)
    return endpoint
  },
}

export const peers: readonly Peer[] = [...models(), service]
