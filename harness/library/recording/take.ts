/** What passes between an agent and the real world in one run: each request is asked for real, and kept with its answer. */
import { namedSecretsIn } from '../../contracts/named-secrets.js'
import { type Provider, simulatedKeyMark } from '../../contracts/provider.js'
import type { Endpoint, Exchange, SentRequest } from '../../contracts/transport.js'
import { askReally, type RealAnswer } from '../../transports/ask-really.js'

export interface Taken {
  readonly request: SentRequest
  readonly answer: RealAnswer
}

/** Headers that say who asks. */
const credentials = ['authorization', 'proxy-authorization', 'cookie']

export class Take {
  /** In the order in which they were answered. */
  readonly taken: Taken[] = []
  /** Whom nobody could reach, and why; the last one, for whoever is told that the agent failed. */
  lost: string | undefined
  /** What was seen that nobody else may. */
  readonly secrets = new Set<string>()
  readonly #providers: readonly Provider[]
  readonly #services: Readonly<Record<string, string>>

  /** `services`: where a service is really asked, by its origin. */
  constructor(providers: readonly Provider[], services: Readonly<Record<string, string>>) {
    this.#providers = providers
    this.#services = services
  }

  readonly endpoint: Endpoint = async (asked) => {
    const request = this.#withRealKeys(asked)
    this.#noteSecrets(request)
    const answer = await askReally(request, this.#realAddress(request.url)).catch((error: unknown) => error as Error)
    if (answer instanceof Error) return this.#lose(answer, request)
    this.taken.push({ request, answer })
    return deliver(answer)
  }

  /** The client is told as much as any client would be; only here is it known that a certificate was at fault. */
  #lose(error: NodeJS.ErrnoException, { method, url }: SentRequest): Exchange {
    const { code, message } = error
    const { origin, pathname } = new URL(url)
    this.lost = `${method} ${origin}${pathname}: ${message}`
    const how = code === 'ECONNREFUSED' ? 'refused' : code === 'ENOTFOUND' ? 'unresolved' : 'reset'
    return { delivery: { kind: 'no-answer', how }, settle: () => {} }
  }

  #realAddress(address: string): URL {
    const url = new URL(address)
    const instead = this.#services[url.origin]
    return instead === undefined ? url : new URL(`${url.pathname}${url.search}`, instead)
  }

  /** A client that was made with the key of `endpoints` has the simulated one. */
  #withRealKeys(request: SentRequest): SentRequest {
    const headers = Object.fromEntries(
      Object.entries(request.headers()).map(([name, value]) => [name, this.#withRealKey(value)]),
    )
    return { ...request, header: (name) => headers[name.toLowerCase()] ?? null, headers: () => headers }
  }

  #withRealKey(value: string): string {
    if (!value.includes(simulatedKeyMark)) return value
    for (const { environment } of this.#providers) {
      const key = environment.keyIn.map((name) => process.env[name]).find((one) => one !== undefined)
      if (key !== undefined && value.includes(environment.key)) return value.replace(environment.key, key)
    }
    return value
  }

  #noteSecrets(request: SentRequest): void {
    const held = Object.entries(request.headers()).flatMap(([name, value]) =>
      credentials.includes(name) || /(?:^|-)(?:key|token|secret)$/.test(name) ? [value, ...value.split(/[\s;=]+/)] : [],
    )
    for (const secret of [...held, ...namedSecretsIn(process.env)]) {
      if (secret.length >= secretMin && !secret.includes(simulatedKeyMark)) this.secrets.add(secret)
    }
  }
}

/** What is shorter stands in anything, and is no secret. */
const secretMin = 8

function deliver({ status, headers, body }: RealAnswer): Exchange {
  const chunks = body.text === '' ? [] : [{ ...body, afterMs: 0 }]
  return { delivery: { kind: 'answer', status, headers, chunks, end: 'close' }, settle: () => {} }
}
