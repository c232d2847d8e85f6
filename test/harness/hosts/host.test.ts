/** Proves that an agent is started, followed and ended by the host that its scenario is handed, and by nothing else. */
import { Anthropic } from '@anthropic-ai/sdk'
import { defineScenario, runTrial, say, script } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import type { AgentProcess, Host, OpenHost } from '../../../harness/contracts/host.js'
import { inProcess } from '../../../harness/hosts/in-process.js'

const scenario = defineScenario({
  name: 'hosted',
  task: 'Say hello.',
  model: script([say('Hello.')]),
  agent: async ({ fetch }) => {
    const client = new Anthropic({ fetch, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: 'Say hello.' }]
    const { content } = await client.messages.create({ model: 'claude-opus-5', max_tokens: 9, messages })
    return content
  },
  goal: () => true,
})

/** The host of this process, telling what it is asked. */
function telling(reported: string[]): Host {
  const process = (attempt: number, { start, stop, crash }: AgentProcess): AgentProcess => ({
    start: (context) => {
      reported.push(`start ${attempt}: ${context.attempt}`)
      return start(context)
    },
    stop: (abort) => {
      reported.push(`stop ${attempt}`)
      return stop(abort)
    },
    crash: () => {
      reported.push(`crash ${attempt}`)
      crash()
    },
  })
  return {
    ...inProcess,
    name: 'telling',
    prepare: async () => {
      reported.push('prepare')
      await inProcess.prepare()
    },
    open: (stage): OpenHost => {
      const host = inProcess.open(stage)
      return {
        clock: host.clock,
        enter: (guests) => {
          const leave = host.enter(guests)
          reported.push('enter')
          return () => {
            leave()
            reported.push('leave')
          }
        },
        begin: (attempt) => process(attempt, host.begin(attempt)),
        follow: (until) => host.follow(until),
      }
    },
  }
}

async function eventsOf(plan: string, agent = scenario.agent): Promise<readonly string[]> {
  const reported: string[] = []
  await runTrial({ ...scenario, agent, host: telling(reported) }, { plan })
  return reported
}

describe('a host that is handed in', () => {
  it('starts the agent once, within what it has entered', async () => {
    expect(await eventsOf('')).toEqual(['prepare', 'enter', 'start 1: 1', 'leave'])
  })

  it('is told of each crash, and starts the agent anew', async () => {
    const reported = await eventsOf('model:*#1 = process/crash(phase: "during")')
    expect(reported).toEqual(['prepare', 'enter', 'start 1: 1', 'crash 1', 'start 2: 2', 'leave'])
  })

  it('stops an agent that has not answered when its trial is over', async () => {
    const reported = await eventsOf('', () => new Promise(() => {}))
    expect(reported).toEqual(['prepare', 'enter', 'start 1: 1', 'stop 1', 'leave'])
  })

  it('changes nothing in the trace', async () => {
    const plan = 'model:*#1 = process/crash(phase: "during")'
    const hosted = await runTrial({ ...scenario, host: telling([]) }, { plan })
    expect(hosted.digest).toBe((await runTrial(scenario, { plan })).digest)
  })

  it('says with its rejection that this machine cannot run the agent', async () => {
    const host: Host = { ...inProcess, prepare: () => Promise.reject(new Error('no such program')) }
    await expect(runTrial({ ...scenario, host })).rejects.toThrow('no such program')
  })

  it.each([
    ['a text', 'in-process'],
    ['what cannot be opened', { name: 'half', clock: 'virtual', prepare: inProcess.prepare }],
  ])('is refused where it is %s', (_what, host) => {
    expect(() => defineScenario({ ...options, host: host as Host })).toThrow('host: expected a host')
  })
})

const options = { name: 'a', task: 'b', model: script([say('c')]), agent: () => 'd', goal: () => true }
