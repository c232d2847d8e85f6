/** Proves that a secret is found in whatever leaves the agent, told without being shown, and that nothing else is one. */
import Anthropic from '@anthropic-ai/sdk'
import { call, defineScenario, runTrial, say, script, UserError, verdictOf } from 'agent-chaos'
import { type Secrets, secretsNotLeaked } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { simulatedKeyMark } from '../../../harness/contracts/provider.js'
import { providers } from '../../../harness/providers/catalogue.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const secret = 'hunter2-hunter2'

const judge = (builder: TraceBuilder, options: Secrets = { secrets: [secret] }, state?: unknown) =>
  secretsNotLeaked(options).check(builder.build(), state)

function handing(site: string, input: string): TraceBuilder {
  const trace = new TraceBuilder().turn()
  return trace.ok(trace.call(site, { input }))
}

describe('secrets-not-leaked', () => {
  it('is violated by a secret in what the model is told, shows where, and does not tell it', () => {
    const verdict = judge(handing('model:m', `{"text":"failed: Bearer ${secret}"}`))
    expect(verdict).toEqual({
      kind: 'violated',
      signature: 'leaked:model:m',
      story: 'A secret (hunt...) stands in what model:m was told.',
      evidence: [2],
    })
    expect(JSON.stringify(verdict)).not.toContain(secret)
  })

  it.each([
    ['tool:note', `{"text":"${secret}"}`],
    ['effect:email', `{"kind":"email","intent":1,"payload":{"body":"x ${secret} y"}}`],
    ['http:POST x.example.com/log', `{"method":"POST","path":"/log?key=${secret}"}`],
    ['file:errors.log', `append 30 bytes: failed with ${secret}`],
    [`file:${secret}.txt`, 'write 2 bytes: hi'],
  ])('is violated by one that is handed to %s', (site, input) => {
    expect(judge(handing(site, input))).toMatchObject({
      signature: `leaked:${site}`,
      story: `A secret (hunt...) stands in what was handed to ${site}.`,
    })
  })

  it('is violated by one in the answer, in the error that the agent ends with, or in an address outside', () => {
    const error = { name: 'Error', message: `401 for ${secret}` }
    expect(judge(new TraceBuilder().turn().claim('success', `"done with ${secret}"`))).toMatchObject({
      signature: 'leaked:answer',
      evidence: [2],
    })
    expect(judge(new TraceBuilder().turn().claim('failure', '', error))).toMatchObject({ signature: 'leaked:answer' })
    expect(judge(new TraceBuilder().stray(`https://x.example.com/${secret}`))).toMatchObject({
      signature: 'leaked:stray-request',
      evidence: [0],
    })
  })

  it('knows a secret in JSON, in JSON in JSON, and in an address', () => {
    const odd = 'pass "word" \\ & more'
    const once = JSON.stringify({ text: odd })
    for (const input of [once, JSON.stringify({ content: once }), `{"path":"/x?k=${encodeURIComponent(odd)}"}`]) {
      expect(judge(handing('tool:note', input), { secrets: [odd] })).toMatchObject({ kind: 'violated' })
    }
  })

  it('takes secrets that are made anew for each trial from the state', () => {
    const options = { secrets: (state: unknown) => [(state as { token: string }).token] }
    const trace = handing('tool:note', '{"text":"session-0815"}')
    expect(judge(trace, options, { token: 'session-0815' })).toMatchObject({ kind: 'violated' })
    expect(judge(trace, options, { token: 'session-4711' })).toEqual({ kind: 'held' })
  })

  it('is held where a secret stays where it belongs: in the state, in an answer to the agent, or in its first letters', () => {
    const trace = new TraceBuilder().turn()
    trace.ok(trace.call('tool:vault', { input: '{"name":"payments"}' }), { key: secret })
    trace.fail(trace.call('tool:pay'), 'unknown', { message: `401 for ${secret}` })
    expect(judge(trace.claim('failure', '"the key hunt... was refused"'), { secrets: [secret] }, { secret })).toEqual({
      kind: 'held',
    })
  })

  it('is held where a secret is in order', () => {
    const options = { secrets: [secret], allowedIn: ['tool:login', 'http:"POST auth.example.com/*"'] }
    const trace = handing('tool:login', `{"password":"${secret}"}`)
    trace.ok(trace.call('http:POST auth.example.com/token', { input: `{"body":{"secret":"${secret}"}}` }))
    expect(judge(trace, options)).toEqual({ kind: 'held' })
    trace.ok(trace.call('tool:note', { input: secret }))
    expect(judge(trace, options)).toMatchObject({ signature: 'leaked:tool:note' })
  })

  it('is vacuous where the agent called nothing, or only where it may', () => {
    const nothing = { kind: 'vacuous', because: 'the agent called nothing' }
    expect(judge(new TraceBuilder())).toEqual(nothing)
    expect(judge(handing('model:m', secret), { allowedIn: ['model:*'] })).toEqual(nothing)
  })

  it('refuses a secret that would be found in anything, and a site that names no boundary', () => {
    expect(() => secretsNotLeaked({ secrets: [''] })).toThrow(UserError)
    expect(() => secretsNotLeaked({ secrets: ['1234567'] })).toThrow('8 characters or more')
    expect(() => secretsNotLeaked({ allowedIn: ['login'] })).toThrow(UserError)
    expect(() => judge(new TraceBuilder(), { secrets: () => [''] })).toThrow(UserError)
  })
})

/** An agent that calls one tool, which fails or not, and tells the model `about` of a failure. */
const telling = (about: (client: Anthropic, error: unknown) => unknown) =>
  defineScenario({
    name: 'telling',
    task: 'Look.',
    world: () => ({ tools: { look: async () => 'blue' } }),
    model: script([call('look', {}), say('Blue.')]),
    agent: async ({ task, tools }) => {
      const client = new Anthropic()
      const messages: Anthropic.MessageParam[] = [{ role: 'user', content: task }]
      const definitions = [{ name: 'look', input_schema: { type: 'object' as const } }]
      const ask = () => client.messages.create({ model: 'claude-x', max_tokens: 9, messages, tools: definitions })
      const { content } = await ask()
      const [block] = content
      if (block?.type !== 'tool_use') throw new Error('expected a call')
      const result = await tools.look().catch((error: unknown) => JSON.stringify(about(client, error)))
      messages.push({ role: 'assistant', content })
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: block.id, content: result }] })
      await ask()
    },
    goal: () => true,
    invariants: [secretsNotLeaked()],
  })

const plan = 'tool:look#1 = tool/unavailable'

describe('the API key in the environment', () => {
  it('is a secret without being named, and leaks with the configuration of a client', async () => {
    const leaky = await runTrial(
      telling(({ apiKey, baseURL }) => ({ apiKey, baseURL })),
      { plan },
    )
    const verdict = verdictOf(leaky, 'secrets-not-leaked')
    expect(verdict).toMatchObject({
      kind: 'violated',
      story: 'A secret (sk-a...) stands in what model:claude-x was told.',
    })
    expect(JSON.stringify(verdict)).not.toContain(simulatedKeyMark)
  })

  it('is no leak in the header where it belongs', async () => {
    const sound = await runTrial(
      telling((_, error) => String(error)),
      { plan },
    )
    expect(verdictOf(sound, 'secrets-not-leaked')).toEqual({ kind: 'held' })
  })

  const answering = (characters: number) =>
    runTrial(
      defineScenario({
        name: 'answering',
        task: 'Say it.',
        model: script([say('unused')]),
        agent: async () => {
          await new Anthropic().messages.create({
            model: 'claude-x',
            max_tokens: 9,
            messages: [{ role: 'user', content: 'Hello' }],
          })
          return `${'x'.repeat(characters)} ${new Anthropic().apiKey}`
        },
        goal: () => true,
        invariants: [secretsNotLeaked()],
      }),
    )

  it('is not seen behind the first 20000 characters of an answer, which stand in no trace', async () => {
    expect(verdictOf(await answering(20_000), 'secrets-not-leaked')).toEqual({ kind: 'held' })
  })

  it('is seen within the first 20000 characters of an answer', async () => {
    expect(verdictOf(await answering(19_900), 'secrets-not-leaked')).toMatchObject({ signature: 'leaked:answer' })
  })

  it('holds the mark by which it is known, whichever provider it is for', () => {
    const keys = providers.map(({ environment }) => environment.key)
    expect(keys.length).toBeGreaterThanOrEqual(providers.length)
    for (const key of keys) expect(key).toContain(simulatedKeyMark)
  })
})
