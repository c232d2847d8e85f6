/** Proves that an agent may have two vendors: faults strike the models of one, and the other takes the conversation over. */
import { assertResilient, runTrial } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import scenario from '../fixtures/fallback/fallback.js'

async function modelsUnder(plan: string) {
  const trial = await runTrial(scenario, { plan })
  const asked = trial.trace.events.flatMap((event) =>
    event.kind === 'call' && event.request.kind === 'model' ? [event.request.provider] : [],
  )
  return { trial, asked }
}

describe('an agent that falls back on another vendor', () => {
  it('asks one vendor alone where nothing is wrong', async () => {
    const { trial, asked } = await modelsUnder('')
    expect([trial.trace.goal, asked]).toEqual([true, ['openai', 'openai']])
  })

  it('goes on with the other, in its form, from the turn at which the first is gone', async () => {
    const { trial, asked } = await modelsUnder('model:openai/*#2.. = model/unavailable')
    expect(trial.trace.goal).toBe(true)
    expect(asked).toEqual(['openai', 'openai', 'openai', 'anthropic'])
    expect(trial.judgements.filter(({ verdict }) => verdict.kind === 'violated')).toEqual([])
  })

  it('meets no fault of the vendor that it does not ask', async () => {
    const { trial, asked } = await modelsUnder('model:anthropic/*#1.. = model/unavailable')
    expect(asked).toEqual(['openai', 'openai'])
    expect(trial.faults.map(({ status }) => status)).toEqual(['planned'])
  })

  it('fails where both are gone', async () => {
    const { trial } = await modelsUnder(
      'model:openai/*#1.. = model/unavailable; model:anthropic/*#1.. = model/overloaded',
    )
    expect(trial.trace.claim).toBe('failure')
  })

  it('withstands what a search by default brings', async () => {
    await expect(assertResilient(scenario, { trialsMax: 200 })).resolves.toBeUndefined()
  })
})
