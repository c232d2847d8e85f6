/** What an agent sends may be nested deeper than any reader can follow: it costs its sender an answer, and the trial nothing. */
import 'agent-chaos/register'
import { defineScenario, runTrial, say, script } from 'agent-chaos'
import { expect, it } from 'vitest'
import { providers } from '../../../harness/providers/catalogue.js'
import { requestTo } from '../../support/providers/questions.js'

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

async function send(url: string, headers: Readonly<Record<string, string>>, body: string) {
  const scenario = defineScenario({
    name: 'deep',
    task: 'Send it.',
    state: () => ({ got: '' }),
    world: ({ http, state }) => {
      http.service('https://shop.example', ({ data }) => {
        state.got = typeof data
        return { json: { ok: true } }
      })
      return { tools: {} }
    },
    model: script([say('Hi.')]),
    agent: async () => (await fetch(url, { method: 'POST', headers, body })).status,
    goal: ({ result }) => typeof result === 'number',
    budget: { spend: { turns: 3 } },
  })
  const { trace, state } = await runTrial(scenario)
  expect(() => JSON.stringify(trace)).not.toThrow()
  const claim = trace.events.find((event) => event.kind === 'claim')
  return { end: trace.end.kind, status: claim?.result, got: (state as { readonly got: string }).got }
}

it.each(providers)('$name refuses it as no JSON', async (provider) => {
  for (const name of Object.keys(provider.apis)) {
    const { url, headers, body } = requestTo(provider, name, false)
    const sent = await send(url, headers(), body.replace('{', `{"more":${deep},`))
    expect(sent).toMatchObject({ end: 'returned', status: '400' })
  }
})

it('a service is handed it as text', async () => {
  const sent = await send('https://shop.example/', { 'content-type': 'application/json' }, deep)
  expect(sent).toEqual({ end: 'returned', status: '200', got: 'string' })
})
