/** undici's MockAgent, by the `fetch` of the same package. */
import { fetch, MockAgent, setGlobalDispatcher } from 'undici'
import type { Sides } from '../measuring/process.js'
import { answerTo } from '../scenarios/six-calls.js'
import { converse, json, origin, path } from './set-up.js'

export const sides: Sides = async () => {
  const agent = new MockAgent()
  agent.disableNetConnect()
  setGlobalDispatcher(agent)
  const reply = ({ body }: { readonly body?: unknown }) => answerTo(String(body))
  agent.get(origin).intercept({ path, method: 'POST' }).reply(200, reply, { headers: json }).persist()
  return { 'mock-agent': () => converse({ fetch: fetch as unknown as typeof globalThis.fetch }) }
}
