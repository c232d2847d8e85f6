/**
 * Which client's request a reply of nock's is for. nock hands its reply functions a request of its own making, while a
 * client that times out, aborts or is reset does so on its own: the two are tied by the asynchronous context in which
 * the client's connection is made.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import http, { type ClientRequest } from 'node:http'

type AddRequest = (this: http.Agent, request: ClientRequest, ...rest: unknown[]) => unknown

export class Clients {
  readonly #storage = new AsyncLocalStorage<ClientRequest>()

  /** Follows every request that `node:http` and `node:https` make from now on. Returns the undo. */
  follow(): () => void {
    const storage = this.#storage
    const before = Object.getOwnPropertyDescriptor(http.Agent.prototype, 'addRequest')
    const original = before?.value as AddRequest | undefined
    if (!before || !original) throw new TypeError('node:http has no Agent.prototype.addRequest')
    const value: AddRequest = function addRequest(request, ...rest) {
      keepAgentTimeout(this, request)
      return storage.run(request, () => original.call(this, request, ...rest))
    }
    Object.defineProperty(http.Agent.prototype, 'addRequest', { ...before, value })
    return () => {
      if (Reflect.get(http.Agent.prototype, 'addRequest') === value) {
        Object.defineProperty(http.Agent.prototype, 'addRequest', before)
      }
      storage.disable()
    }
  }

  /** The client's request, inside of a reply function. */
  current(): ClientRequest | undefined {
    return this.#storage.getStore()
  }
}

/** An agent's own timeout holds for each of its requests; nock puts an agent of its own in that one's place. */
function keepAgentTimeout(agent: http.Agent, request: ClientRequest): void {
  const given = Reflect.get(agent, 'customAgent') as { readonly options?: http.AgentOptions } | undefined
  const ms = given?.options?.timeout
  if (ms !== undefined && ms > 0 && Reflect.get(request, 'timeout') === undefined) request.setTimeout(ms)
}
