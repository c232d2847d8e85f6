/** Options of the library: what is wrong is refused with the rule, what came, and where, as on the command line. */
import { assertResilient, type CampaignSettings, faultPlans, runCampaign, runTrial } from 'agent-chaos'
import { describe, expect, it } from 'vitest'
import refund from '../../scenarios/refund.chaos.js'

const refusal = (call: () => Promise<unknown>) =>
  call().then(
    () => undefined,
    (error: Error) => error,
  )
const campaign = (options: unknown) => () => runCampaign(options as CampaignSettings)
const files = ['scenarios/refund.chaos.ts']

describe('an option of the library that is wrong', () => {
  it.each([
    [{ files, workers: 0 }, 'workers: expected a whole number from 1 to 512, got 0'],
    [{ files, workers: 1.5 }, 'workers: expected a whole number from 1 to 512, got 1.5'],
    [{ files, trialsMax: 'x' }, 'trialsMax: expected a whole number from 1 to 10000000, got "x"'],
    [{ files, seed: null }, 'seed: expected a whole number from 0 to 9007199254740991, got null'],
    [{ files, trialTimeout: Number.NaN }, 'trialTimeout: expected a number from 0.1 to 86400, got NaN'],
    [{ files, measure: 1 }, 'measure: expected true or false, got 1'],
    [{ files, gate: 'fixd' }, 'gate: expected sequential or fixed, got "fixd"'],
    [{ files, sweep: [0, 2n] }, 'sweep: expected an array of numbers from 0 to 1, got [0, 2n]'],
    [
      { files, shard: { index: 4, count: 3 } },
      'shard: expected a shard and how many there are, such as 3/10, each from 1 to 10000, got an object',
    ],
    [{ files, signal: {} }, 'signal: expected an AbortSignal, got an object'],
    [{ files: 'a.chaos.ts' }, 'files: expected an array of scenario files, got "a.chaos.ts"'],
    [{}, 'files: expected an array of scenario files, got undefined'],
    [undefined, 'expected an object of options, got undefined'],
  ])('is refused before anything runs: %o', async (options, message) => {
    const error = await refusal(campaign(options))
    expect(error).toMatchObject({ name: 'UserError', message: `runCampaign: ${message}` })
  })

  it('is refused where it is unknown, with the nearest name', async () => {
    const error = await refusal(campaign({ files, trailsMax: 3 }))
    expect(error?.message).toMatch(
      /^runCampaign: there is no option "trailsMax" \(files, seed, .*\)\. Did you mean "trialsMax"\?$/,
    )
  })

  it('is refused in every call that takes options', async () => {
    const seed = -1
    const message = 'seed: expected a whole number from 0 to 9007199254740991, got -1'
    expect((await refusal(() => runTrial(refund, { seed })))?.message).toBe(`runTrial: ${message}`)
    expect((await refusal(() => faultPlans(refund, { seed })))?.message).toBe(`faultPlans: ${message}`)
    expect((await refusal(() => assertResilient(refund, { seed })))?.message).toBe(`assertResilient: ${message}`)
  })

  it('is told with the line of the call', async () => {
    const error = await refusal(() => runTrial(refund, { seed: 0.5 }))
    expect(error).toMatchObject({ where: expect.stringMatching(/options\.test\.ts:\d+$/) })
  })
})

it('an option that is undefined is as if it was left out', async () => {
  const settings = { seed: undefined } as unknown as { seed: number }
  expect((await runTrial(refund, settings)).digest).toBe((await runTrial(refund, { seed: 1 })).digest)
})
