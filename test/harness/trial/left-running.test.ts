/** What a trace says of timers that outlive the agent's answer, and of whose they are. */
import timers from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, defineScenario, runTrial, say, script, type Trial } from 'agent-chaos'
import { TimeoutStrategy, timeout } from 'cockatiel'
import { describe, expect, it } from 'vitest'

interface Tools {
  look(): Promise<string>
}

const origin = 'https://look.example.com'
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A scenario with a tool and a service that take ten seconds each, and whoever calls them need not wait. */
function leaving(agent: (context: AgentContext<undefined, Tools>) => unknown) {
  return defineScenario<undefined, Tools>({
    name: 'leaving',
    task: 'Answer.',
    world: ({ http }) => {
      http.service(origin, async () => {
        await sleep(10_000)
        return { json: 'seen' }
      })
      return {
        tools: {
          look: async () => {
            await sleep(10_000)
            return 'seen'
          },
        },
      }
    },
    model: script([say('Seen.')]),
    agent,
    goal: () => true,
  })
}

const leftIn = ({ trace }: Trial) =>
  trace.events.flatMap((event) => {
    if (event.kind !== 'left-running') return []
    const { what, count, longestMs } = event
    return [`${count} ${what} ${longestMs}`]
  })

const runLeaving = async (agent: Parameters<typeof leaving>[0], plan = '') =>
  leftIn(await runTrial(leaving(agent), { plan }))

describe('when the agent has answered', () => {
  it('the timers that it left are told of, once, at the time of the answer', async () => {
    const trial = await runTrial(
      leaving(async () => {
        setTimeout(() => setTimeout(() => {}, 100), 2_000)
        setTimeout(() => {}, 30_000)
        setInterval(() => {}, 250)
        await sleep(500)
      }),
    )
    expect(trial.trace.events.map(({ kind, at }) => [kind, at])).toEqual([
      ['claim', 500],
      ['left-running', 500],
      ['left-running', 500],
      ['end', 30_000],
    ])
    expect(leftIn(trial)).toEqual(['2 timers 29500', '1 intervals 250'])
  })

  it.each<[string, () => unknown]>([
    ['cleared', () => clearTimeout(setTimeout(() => {}, 30_000))],
    ['over', () => sleep(30_000)],
    ['unreferenced', () => void setTimeout(() => {}, 30_000).unref()],
    ['an unreferenced interval', () => void setInterval(() => {}, 30_000).unref()],
    ['the deadline of a signal', () => void AbortSignal.timeout(30_000)],
    ['an unreferenced promise', () => void timers.setTimeout(30_000, undefined, { ref: false })],
  ])('nothing is told of a timer that is %s', async (_, agent) => {
    expect(await runLeaving(agent)).toEqual([])
  })

  it('a promise of time is a timer like any other', async () => {
    expect(await runLeaving(() => void timers.setTimeout(30_000))).toEqual(['1 timers 30000'])
    expect(await runLeaving(() => void timers.setInterval(30_000).next())).toEqual(['1 intervals 30000'])
  })

  it('the deadline that was not cleared is left, and that of a library is not', async () => {
    const deadline = timeout(30_000, TimeoutStrategy.Aggressive)
    const ask = () =>
      new Anthropic().messages.create({ model: 'claude-x', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] })
    expect(await runLeaving(() => Promise.race([ask(), sleep(30_000)]))).toEqual(['1 timers 29500'])
    expect(await runLeaving(() => deadline.execute(ask))).toEqual([])
  })

  it('what a tool, a service or a lost answer waits for is not of the agent', async () => {
    const giveUp = (work: Promise<unknown>) => Promise.race([work, timers.setTimeout(1_000, 'gave up')])
    expect(await runLeaving(({ tools }) => giveUp(tools.look()))).toEqual([])
    expect(await runLeaving(() => giveUp(fetch(origin)))).toEqual([])
    expect(await runLeaving(({ tools }) => giveUp(tools.look()), 'tool:look#1 = tool/hang')).toEqual([])
    expect(await runLeaving(({ tools }) => giveUp(tools.look()), 'tool:look#1 = tool/not-run')).toEqual([])
    expect(await runLeaving(({ tools }) => giveUp(tools.look()), 'tool:look#1 = tool/late(after: 60000)')).toEqual([])
  })

  it('what went with a crash is not left', async () => {
    const agent = ({ attempt, tools }: AgentContext<undefined, Tools>) => {
      if (attempt > 1) return 'again'
      setTimeout(() => {}, 60_000)
      return tools.look()
    }
    expect(await runLeaving(agent, 'tool:look#1 = process/crash(phase: "before")')).toEqual([])
  })

  it('an agent that never answered leaves nothing to be told of', async () => {
    const trial = await runTrial(leaving(() => new Promise(() => setInterval(() => {}, 1_000))))
    expect(trial.trace.end).toEqual({ kind: 'horizon' })
    expect(leftIn(trial)).toEqual([])
  })
})
