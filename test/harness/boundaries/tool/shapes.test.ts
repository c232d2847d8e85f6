/** Tools in the shapes of frameworks are called with what the model asked for, whatever stands around it. */
import { describe, expect, it } from 'vitest'
import { requestText } from '../../../../reports/reading/request.js'
import { type Agent, trial } from '../../../support/sandbox/scenario.js'

type Context = Parameters<Agent>[0]

/** Runs an agent: what it resolved to, and each call of a tool as the trace has it. */
async function run<T>(agent: (context: Context) => T | Promise<T>, plan = '') {
  const results: T[] = []
  const { trace } = await trial(async (context) => void results.push(await agent(context)), plan)
  const claim = trace.events.find((event) => event.kind === 'claim')
  if (claim?.kind === 'claim' && claim.error) throw new Error(claim.error.message)
  const calls = trace.events.flatMap((event) =>
    event.kind === 'call' ? [`${event.site.target} ${requestText(event.request)}`] : [],
  )
  return { result: results[0], calls }
}

const input = { orderId: '42' }
const asked = ['refund {"orderId":"42"}']

describe('what the model asked for is found', () => {
  it('in a call as the model made it', async () => {
    const refund = { name: 'refund', schema: {}, invoke: async (call: { id: string }) => `refunded by ${call.id}` }
    const { result, calls } = await run(({ instrument }) =>
      instrument(refund).invoke({ type: 'tool_call', name: 'refund', id: 'call_1', args: input } as never),
    )
    expect(calls).toEqual(asked)
    expect(result, 'the id of the call reaches the tool').toBe('refunded by call_1')
  })

  it('behind the context of the run, as text', async () => {
    const invoke = async (_run: object, text: string, details: { toolCall: { callId: string } }) =>
      `${JSON.parse(text).orderId} by ${details.toolCall.callId}`
    const { result, calls } = await run(({ instrument }) =>
      instrument([{ type: 'function', name: 'refund', parameters: {}, invoke }])[0]?.invoke(
        { context: {}, usage: { requests: 1 } },
        JSON.stringify(input),
        { toolCall: { callId: 'call_1' } },
      ),
    )
    expect(calls).toEqual(asked)
    expect(result).toBe('42 by call_1')
  })

  it('behind the context of the run, where the model wrote no JSON', async () => {
    const { calls } = await run(({ instrument }) =>
      instrument({ name: 'refund', parameters: {}, invoke: async (..._: unknown[]) => 'no' }).invoke(
        { context: {}, usage: {} },
        '{"orderId":',
      ),
    )
    expect(calls).toEqual(['refund ["{\\"orderId\\":"]'])
  })

  it('beside what belongs to the run', async () => {
    const refund = { id: 'a-refund', description: 'Refunds.', execute: async (_: object) => 'refunded' }
    const { calls } = await run(({ instrument }) =>
      instrument({ refund }).refund.execute({ context: input, runtimeContext: new Map(), mastra: undefined }),
    )
    expect(calls).toEqual(asked)
  })

  it('in the first argument, where a field of it is called context', async () => {
    const refund = async (_: object) => 'refunded'
    const { calls } = await run(({ instrument }) => instrument({ refund }).refund({ context: 'a hurry', usage: 1 }))
    expect(calls).toEqual(['refund {"context":"a hurry","usage":1}'])
  })

  it('in the first argument, and the id behind it reaches the tool', async () => {
    const refund = { description: '', execute: async (_: object, { toolCallId }: { toolCallId: string }) => toolCallId }
    const { result, calls } = await run(({ instrument }) =>
      instrument({ refund }).refund.execute(input, { toolCallId: 'call_1' }),
    )
    expect(calls).toEqual(asked)
    expect(result).toBe('call_1')
  })

  it.each(['call', 'func', 'callback', 'handler'])(
    'by the method %s of what says that it is a tool',
    async (method) => {
      const refund = { metadata: { name: 'refund' }, [method]: async (_: object) => 'refunded' }
      const { calls } = await run(({ instrument }) => {
        const tool: Record<string, unknown> = instrument([refund])[0] ?? {}
        return (tool[method] as (input: object) => Promise<string>)(input)
      })
      expect(calls).toEqual(asked)
    },
  )

  it('of no method of what only happens to have one of that name', async () => {
    const phone = { call: async (_: object) => 'rings', stream: async () => 'sings' }
    const { calls } = await run(({ instrument }) => instrument({ phone }).phone.call(input))
    expect(calls, 'a record of tools, as before').toEqual(['call {"orderId":"42"}'])
  })

  it('of each call in a list that a client is handed', async () => {
    const client = {
      async callTool(calls: readonly { readonly name: string; readonly args: object }[]) {
        return calls.map(({ name }) => ({ functionResponse: { name } }))
      },
    }
    const { result, calls } = await run(({ instrument }) =>
      instrument(client).callTool([
        { name: 'refund', args: input },
        { name: 'tell', args: {} },
      ]),
    )
    expect(calls).toEqual([...asked, 'tell {}'])
    expect(result).toEqual([{ functionResponse: { name: 'refund' } }, { functionResponse: { name: 'tell' } }])
  })
})

describe('a tool that tells of its work on the way', () => {
  class Refund {
    readonly name = 'refund'
    readonly #till = 'till 7'
    async *stream({ toolUse }: { readonly toolUse: { readonly toolUseId: string; readonly input: object } }) {
      yield `opens ${this.#till}`
      yield 'counts'
      return `done for ${toolUse.toolUseId}`
    }
  }
  const listen = async (steps: AsyncGenerator<string, string>) => {
    const seen: string[] = []
    for (;;) {
      const { done, value } = await steps.next()
      seen.push(value)
      if (done) return seen
    }
  }
  const call = { toolUse: { name: 'refund', toolUseId: 'tooluse_1', input } }

  it('is a generator still, and one crossing', async () => {
    const { result, calls } = await run(({ instrument }) => listen(instrument(new Refund()).stream(call)))
    expect(result).toEqual(['opens till 7', 'counts', 'done for tooluse_1'])
    expect(calls).toEqual(asked)
  })

  it('is known by what it is called with, where it hands on what another tells', async () => {
    const inner = new Refund()
    const outer = { name: 'refund', stream: (context: typeof call) => inner.stream(context) }
    const { result, calls } = await run(({ instrument }) => listen(instrument(outer).stream(call)))
    expect(result).toEqual(['opens till 7', 'counts', 'done for tooluse_1'])
    expect(calls).toEqual(asked)
  })

  it('fails as any other where a fault strikes it', async () => {
    const refused = run(
      ({ instrument }) => listen(instrument(new Refund()).stream(call)),
      'tool:refund#1 = tool/unavailable',
    )
    await expect(refused).rejects.toThrow('refund')
  })
})
