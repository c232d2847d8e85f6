/** What it means that a task is called off while its agent is at work. */
import Anthropic from '@anthropic-ai/sdk'
import {
  type AgentContext,
  call,
  defineScenario,
  runTrial,
  type ScenarioOptions,
  say,
  script,
  type TraceEvent,
  type Trial,
} from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import { isHealed } from '../../../harness/invariants/reading/healing.js'

interface State {
  readonly sent: string[]
  readonly heard: unknown[]
}

interface Tools {
  send(what: string): Promise<string>
}

type Context = AgentContext<State, Tools>

const origin = 'https://mail.example.com'
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A scenario whose tool makes a change, and which has a service and a directory beside it. */
function sending(agent: (context: Context) => unknown, options: Partial<ScenarioOptions<State, Tools>> = {}) {
  return defineScenario<State, Tools>({
    name: 'sending',
    task: 'Send.',
    state: () => ({ sent: [], heard: [] }),
    world: ({ state, effect, http }) => {
      http.service(origin, ({ body }) => {
        state.sent.push(body)
        return { json: { sent: body } }
      })
      return {
        tools: {
          send: (what) => effect({ kind: 'send', intent: what }, () => `sent ${state.sent.push(what)}`),
        },
      }
    },
    model: script([call('send', { what: 'a' }), say('Sent.')]),
    agent,
    goal: () => true,
    ...options,
  })
}

const kinds = ({ trace }: Trial) => trace.events.map(({ kind }) => kind)
const eventOf = ({ trace }: Trial, kind: TraceEvent['kind']) => trace.events.find((event) => event.kind === kind)

/** What the agent hears of it, in state. */
const listening = ({ signal, state }: Context) =>
  signal.addEventListener('abort', () => state.heard.push((signal.reason as Error).name))

describe('a task that is called off', () => {
  it.each(['tool:send', 'effect:send'])(
    'aborts the signal while %s is under way, and the call goes on',
    async (site) => {
      const trial = await runTrial(
        sending(async (context) => {
          listening(context)
          const result = await context.tools.send('a')
          return [result, context.signal.aborted]
        }),
        { plan: `${site}#1 = process/cancel` },
      )
      expect(trial.state).toEqual({ sent: ['a'], heard: ['AbortError'] })
      expect(eventOf(trial, 'claim')).toMatchObject({ result: '["sent 1",true]' })
      const [cancel, ...returns] = kinds(trial).filter((kind) => kind === 'cancel' || kind === 'return')
      expect([cancel, returns]).toEqual(['cancel', ['return', 'return']])
      expect(trial.trace.injections).toMatchObject([{ status: 'landed' }])
    },
  )

  it('ends a question to the model for a client that was given the signal, and for no other', async () => {
    const asking = (heeds: boolean) =>
      sending(({ signal }) =>
        new Anthropic().messages.create(
          { model: 'claude-x', max_tokens: 10, messages: [{ role: 'user', content: 'Send.' }] },
          heeds ? { signal } : {},
        ),
      )
    const plan = 'model:*#1 = process/cancel'
    const [heeded, ignored] = [await runTrial(asking(true), { plan }), await runTrial(asking(false), { plan })]
    expect(eventOf(heeded, 'claim')).toMatchObject({ at: 0, error: { message: 'Request was aborted.' } })
    expect(eventOf(heeded, 'return')).toMatchObject({
      at: 0,
      outcome: { kind: 'failed', error: { name: 'AbortError' } },
    })
    expect(eventOf(ignored, 'return')).toMatchObject({ at: 500, outcome: { kind: 'ok' } })
  })

  it('ends a request for a client that was given the signal; what the service did is done', async () => {
    const trial = await runTrial(
      sending(({ signal }) => fetch(`${origin}/items`, { method: 'POST', body: 'a', signal })),
      { plan: 'http:*#1 = process/cancel' },
    )
    expect(trial.state).toMatchObject({ sent: ['a'] })
    expect(eventOf(trial, 'claim')).toMatchObject({ at: 0, error: { name: 'AbortError' } })
  })

  it('is called off once, however often it is planned', async () => {
    const trial = await runTrial(
      sending(async (context) => {
        listening(context)
        await context.tools.send('a')
        await context.tools.send('b')
      }),
      { plan: 'tool:send#1.. = process/cancel' },
    )
    expect(kinds(trial).filter((kind) => kind === 'cancel')).toHaveLength(1)
    expect(trial.state).toEqual({ sent: ['a', 'b'], heard: ['AbortError'] })
  })

  it('stays called off when the agent crashes and is started again', async () => {
    const trial = await runTrial(
      sending(async ({ signal, attempt, tools }) => {
        if (attempt > 1) return [attempt, signal.aborted, (signal.reason as Error).name]
        await tools.send('a')
        return tools.send('b')
      }),
      { plan: 'tool:send#1 = process/cancel; tool:send#2 = process/crash(phase: "before")' },
    )
    expect(eventOf(trial, 'claim')).toMatchObject({ result: '[2,true,"AbortError"]' })
  })

  it('is not called off by a process that ended before it could be told', async () => {
    const trial = await runTrial(
      sending(({ signal, attempt, tools }) => (attempt > 1 ? signal.aborted : tools.send('a'))),
      { plan: 'tool:send#1 = process/cancel, process/crash(phase: "before")' },
    )
    expect(eventOf(trial, 'claim')).toMatchObject({ result: 'false' })
    expect(kinds(trial)).not.toContain('cancel')
  })

  it('leaves nobody who could ask for a success', async () => {
    const agent = ({ tools }: Context) => tools.send('a')
    expect(isHealed((await runTrial(sending(agent))).trace)).toBe(true)
    expect(isHealed((await runTrial(sending(agent), { plan: 'tool:send#1 = process/cancel' })).trace)).toBe(false)
  })

  it('composes with what ends the call', async () => {
    const trial = await runTrial(
      sending(async (context) => {
        listening(context)
        await context.tools.send('a').catch(() => sleep(10))
      }),
      { plan: 'tool:send#1 = process/cancel, tool/unavailable' },
    )
    expect(trial.state).toEqual({ sent: [], heard: ['AbortError'] })
    expect(kinds(trial).filter((kind) => kind === 'fault')).toHaveLength(2)
  })
})
