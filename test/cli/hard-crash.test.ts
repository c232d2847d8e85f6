/** A hard crash: the agent goes on in a process of its own, with the world as it was and nothing else. */
import { describe, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

const file = 'test/fixtures/hard/remembers.chaos.ts'
const plan = 'tool:put#1 = process/crash; effect:put#2 = process/crash(phase: "before")'
const replay = async (plan: string) => {
  const { stdout, stderr, code } = await agentChaos(['replay', file, '--plan', plan, '--json', '-'])
  if (stdout === '') throw new Error(stderr)
  return {
    code,
    replay: JSON.parse(stdout) as {
      trace: { events: { kind: string; result?: string; at: number }[] }
      digest: string
    },
  }
}

describe('a hard crash', () => {
  it('starts the agent in a fresh process, with state, ledger, services, files and clock of the trial', async () => {
    const { replay: trial, code } = await replay(plan)
    const { events } = trial.trace
    const seen = JSON.parse(events.find(({ kind }) => kind === 'claim')?.result ?? '[]') as string[]
    expect(seen.map((line) => line.replace(/, at .*/, ''))).toEqual([
      'attempt 1, start 1 of this process, 1 of all',
      'attempt 2, start 1 of this process, 2 of all',
      'attempt 3, start 1 of this process, 3 of all',
      'found: 1 2 ',
      'files: 1 2 3 ',
      'posts: 1',
    ])
    expect(events.filter(({ kind }) => kind === 'restart').map(({ at }) => at)).toEqual([1_600, 4_200])
    expect(events.flatMap((event) => ('status' in event ? [event.status] : []))).toEqual([
      'applied',
      'applied',
      'replayed',
      'replayed',
      'replayed',
    ])
    expect(code).toBe(0)
  })

  it('gives the same trace each time', async () => {
    const [first, second] = [await replay(plan), await replay(plan)]
    expect(second.replay.digest).toBe(first.replay.digest)
  })

  it('is what a run searches with, and what it finds repeats', async () => {
    const { stdout, code } = await agentChaos(['run', file, '--trials-max', '4'])
    expect(stdout).toMatch(/✔ +remembers +passed/)
    expect(code).toBe(0)
  })
})
