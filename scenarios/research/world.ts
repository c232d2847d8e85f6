/** The library that the research scenarios work in, and what all of these have in common. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, say, script, type WorldContext } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { type Policy, policies } from '../agent/policy.js'
import { type Library, researchAgent } from './agent.js'

const sources: Readonly<Record<string, { readonly query: string; readonly says: string }>> = {
  'tides-1': { query: 'height of tides', says: 'Tides are highest at new moon and at full moon.' },
  'wind-1': { query: 'wind over the sea', says: 'Wind that blows landward piles the water up.' },
  'dikes-1': { query: 'dike failures', says: 'Dikes break from behind, once water runs over them.' },
}
const ids = Object.keys(sources)

export interface Desk extends Memory {
  readonly notes: Record<string, string>
  readonly articles: string[]
}

const find = ({ query }: { readonly query: string }) => ids.filter((id) => sources[id]?.query === query)

export const desk = {
  task: 'Find out when dikes are at risk, and publish an article with a note for each source.',
  state: (): Desk => ({ notes: {}, articles: [], ...emptyMemory() }),
  world: ({ state, effect }: WorldContext<Desk>): { tools: Library } => ({
    tools: {
      search: async (query) => find(query),
      cachedSearch: async (query) => find(query),
      read: async ({ id }) => {
        const source = sources[id]
        if (!source) throw Object.assign(new Error(`no source is named ${id}`), { status: 404 })
        return source.says
      },
      note: ({ id, text, idempotencyKey }) =>
        effect({ kind: 'note', intent: id, key: idempotencyKey, payload: { id, text } }, () => {
          state.notes[id] = text
          return { noted: id }
        }),
      publish: ({ text, idempotencyKey }) =>
        effect({ kind: 'publication', intent: 'article', key: idempotencyKey, payload: { text } }, () => {
          state.articles.push(text)
          return { published: state.articles.length }
        }),
    },
  }),
  model: script([
    ...ids.flatMap((id) => [
      call('search', { query: sources[id]?.query ?? '' }),
      call('read', { id }),
      call('note', { id, text: sources[id]?.says ?? '' }),
    ]),
    call('publish', { text: 'Dikes are at risk when spring tides meet landward wind: they break from behind.' }),
    say('The article is published.'),
  ]),
  goal: ({ state }: { readonly state: Desk }) =>
    state.articles.length === 1 && ids.every((id) => state.notes[id] !== undefined),
  intents: [...ids.map((id) => ({ kind: 'note', id })), { kind: 'publication', id: 'article' }],
  claims: ({ claim }: Outcome) => claim,
  // Long answers take their time.
  latency: { modelMs: 6_000 },
  budget: { reliability: 0.9, faultRate: 0.1, spend: { turns: 25, tokens: 150_000, usd: 1, seconds: 900 } },
}

/** What stands behind which of the agent's breakers. */
const guarded: Readonly<Record<string, string>> = {
  'the search engine': 'tool:search',
  'the cached index': 'tool:cachedSearch',
  'the archive': 'tool:read',
}

/** The researching agent, with parts of its policy replaced. */
export function deskAgent(changed: Partial<Policy> = {}) {
  return ({ task, tools, state, signal, observe }: AgentContext<Desk, Library>) => {
    const means = equip({
      client: new Anthropic(),
      policy: { ...policies.research, ...changed },
      memory: state,
      signal,
      monitor: (breaker, name) => {
        const site = guarded[name]
        if (site) observe.cockatiel(breaker, site)
      },
    })
    return researchAgent(means, { task, library: tools })
  }
}
