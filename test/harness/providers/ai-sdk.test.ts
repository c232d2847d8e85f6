/**
 * The AI SDK checks every answer against schemas of its own, and refuses what the API never sends. VoltAgent and Mastra
 * stand upon it. The official SDK checks nothing, so it cannot show such a fault.
 */
import { createAnthropic } from '@ai-sdk/anthropic'
import { APICallError, generateText, stepCountIs, streamText, tool } from 'ai'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Reply, StopReason } from '../../../harness/contracts/conversation.js'
import type { Model } from '../../../harness/contracts/model.js'
import { call, say, script } from '../../../harness/models/script.js'
import { type Disturbance, deliver, rejection, simulate } from '../../support/providers/simulated.js'

const steps = script([
  call('refund', { orderId: '42', note: 'Straße 🚚' }, { text: 'At once.' }),
  call('refund', { orderId: '43', note: '' }),
  say('Refunded both ✓.'),
])

/** Fails the first time that it is asked for 43; the model then asks again. */
function refunding() {
  const refused = new Set<string>()
  return tool({
    description: 'Refunds.',
    inputSchema: z.object({ orderId: z.string(), note: z.string() }),
    execute: async ({ orderId }) => {
      if (orderId === '42' || refused.has(orderId)) return { refunded: orderId }
      refused.add(orderId)
      throw new Error('refused')
    },
  })
}

function ask(model: Model, disturb?: Disturbance) {
  const simulation = simulate(model, disturb)
  const provider = createAnthropic({ apiKey: 'sk-ant-test', fetch: simulation.fetch })
  const errors: unknown[] = []
  const settings = {
    model: provider('claude-sonnet-4-5'),
    system: 'You refund.',
    prompt: 'Refund orders 42 and 43.',
    tools: { refund: refunding() },
    stopWhen: stepCountIs(5),
    maxRetries: 0,
    onError: ({ error }: { readonly error: unknown }) => void errors.push(error),
  }
  return { ...simulation, settings, errors }
}

const cutOff = (stop: StopReason): Model => ({
  reply: (): Reply => ({ blocks: [{ kind: 'text', text: 'As far as' }], stop }),
})

describe('the AI SDK', () => {
  test('takes answers with text and calls of tools, whole', async () => {
    const { settings, reads } = ask(steps)
    const { text, steps: taken, totalUsage } = await generateText(settings)
    expect(text).toBe('Refunded both ✓.')
    expect(taken.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'tool-calls', 'tool-calls', 'stop'])
    expect(taken[0]?.toolResults).toMatchObject([{ toolName: 'refund', output: { refunded: '42' } }])
    expect(totalUsage.outputTokens).toBe(28)
    expect(reads.map(({ kind }) => kind)).toEqual(['call', 'call', 'call', 'call'])
  })

  test('takes the same answers as streams', async () => {
    const { settings, reads, errors } = ask(steps)
    const result = streamText(settings)
    await result.consumeStream()
    expect(errors).toEqual([])
    expect(await result.text).toBe('Refunded both ✓.')
    expect((await result.steps)[0]).toMatchObject({ text: 'At once.', toolCalls: [{ input: { orderId: '42' } }] })
    expect((await result.totalUsage).outputTokens).toBe(28)
    expect(reads.map((read) => read.kind === 'call' && read.stream)).toEqual([true, true, true, true])
  })

  test.each([
    ['max-tokens', 'length'],
    ['refusal', 'content-filter'],
  ] as const)('takes an answer that ends with %s, whole and as a stream', async (stop, reason) => {
    expect((await generateText(ask(cutOff(stop)).settings)).finishReason).toBe(reason)
    expect(await streamText(ask(cutOff(stop)).settings).finishReason).toBe(reason)
  })

  test('reads errors of the API, and knows which pass', async () => {
    const failing = ask(steps, (_index, session) => deliver(session.fail('overloaded', { retryAfter: '3' })))
    const error = await rejection(generateText(failing.settings))
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ statusCode: 529, isRetryable: true, message: 'Overloaded' })
  })

  test('reads an error in the middle of a stream, and pings', async () => {
    const { settings, errors } = ask(steps, (_index, session, own) => {
      const { chunks, ...answer } = own()
      const broken = [session.ping(), ...chunks.slice(0, 3), session.failInStream('overloaded')]
      return deliver({ ...answer, chunks: broken })
    })
    await streamText(settings).consumeStream()
    expect(errors).toMatchObject([{ message: expect.stringContaining('Overloaded') }])
  })
})
