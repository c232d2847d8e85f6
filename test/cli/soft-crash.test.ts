/** A soft crash takes what the agent's own modules hold: they are evaluated anew, and the world stays that of the trial. */
import { describe, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

const replay = async (name: string, plan: string) => {
  const args = ['replay', `test/fixtures/crashing/${name}.chaos.ts`, '--plan', plan, '--json', '-']
  const { stdout, stderr, code } = await agentChaos(args)
  if (stdout === '') return { code, stderr, events: [], digest: '' }
  const { trace, digest } = JSON.parse(stdout) as { trace: { events: Event[] }; digest: string }
  return { code, stderr, events: trace.events, digest }
}

interface Event {
  readonly kind: string
  readonly result?: string
  readonly memory?: string
}

const resultOf = (events: readonly Event[]) =>
  JSON.parse(events.find(({ kind }) => kind === 'claim')?.result ?? 'null') as unknown
const often = 'tool:note#1..3 = process/crash'

describe('after a soft crash', () => {
  it('modules begin anew with their timers, and draw by chance what was not drawn before', async () => {
    const { events, digest, code } = await replay('remembers-in-modules', often)
    const seen = resultOf(events) as { start: number; ticks: number; drawn: string }[]
    expect(seen.map(({ start, ticks }) => [start, ticks])).toEqual([
      [1, 10],
      [1, 10],
      [1, 10],
      [1, 10],
    ])
    expect(new Set(seen.map(({ drawn }) => drawn)).size).toBe(4)
    expect(events.filter(({ kind }) => kind === 'restart').map(({ memory }) => memory)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(code).toBe(0)
    expect((await replay('remembers-in-modules', often)).digest).toBe(digest)
  })

  it('modules that cannot be evaluated twice have a process for each start', async () => {
    const { events, code, stderr } = await replay('loads-once', 'tool:note#1..2 = process/crash')
    expect({ code, stderr, starts: resultOf(events) }).toEqual({ code: 0, stderr, starts: [1, 1, 1] })
  })

  it('state at module level that plays the outside world is refused, and "state" is named as its place', async () => {
    const { code, stderr } = await replay('plays-the-world', 'tool:send#1 = process/crash(phase: "after")')
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /State at module level that plays the outside world .* keep it in "state"/,
    )
    expect(code).toBe(2)
  })
})
