/** Proves that a trial beside a test runner's fake timers is refused in words, whichever came first, and runs once they are gone. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineScenario, runTrial, say, script } from '../../harness/index.js'

const scenario = defineScenario({
  name: 'waits',
  task: 'Wait.',
  state: () => ({}),
  model: script([say('not asked')]),
  agent: async () => {
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    return 'waited'
  },
  goal: () => true,
})

const run = () => runTrial(scenario, { plan: '', seed: 1 })
const refused = { name: 'UserError', message: expect.stringMatching(/^fake timers are on: .*vi\.useRealTimers\(\)/) }

afterEach(() => {
  vi.useRealTimers()
})

describe('a trial beside fake timers', () => {
  it('is refused where they came before the first trial', async () => {
    vi.useFakeTimers()
    await expect(run()).rejects.toMatchObject(refused)
  })

  it('runs once they are taken back, and is refused again where they come after it', async () => {
    expect((await run()).trace.claim).toBe('success')
    vi.useFakeTimers()
    await expect(run()).rejects.toMatchObject(refused)
  })
})
