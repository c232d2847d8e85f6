/**
 * Proves that `chaosTest` finds what a plan breaks, tells it with the remedy and how to replay it, and finds the same again from
 * fast-check's own seed and path.
 */
import { chaosTest, type Trial } from 'agent-chaos'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import unkeyed from '../../scenarios/canaries/no-idempotency-key.chaos.js'
import refund from '../fixtures/shop/refund.chaos.js'

const property = { seed: 7, numRuns: 60 }
const errorOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error as Error & { readonly expected?: unknown; readonly actual?: unknown },
  )

describe('chaosTest', () => {
  it('passes an agent that keeps its promises, and hands each trial that was struck to the check', async () => {
    const seen: Trial[] = []
    await chaosTest(refund, { property: { seed: 7, numRuns: 15 }, invariants: ['effects-exactly-once'] }, (trial) => {
      seen.push(trial)
    })()
    expect(seen).toHaveLength(15)
    expect(seen.every(({ faults }) => faults.some(({ status }) => status === 'landed'))).toBe(true)
  })

  it('tells story, remedy, the smallest plan and how to replay it, with what was expected against what came', async () => {
    const error = await errorOf(chaosTest(unkeyed, { property, invariants: ['effects-exactly-once'] })())
    expect(error?.message).toMatch(
      /^scenario "no-idempotency-key"\n {2}effects-exactly-once: .*\n {2}remedy: .*\n {2}plan: [^+]*\n {2}replay: await replay\(scenario, \{ seed: 1, plan: ".*" \}\)\n {2}found in run \d+ and shrunk \d+ times; property: \{ seed: 7, path: "[\d:]+" \} draws it again$/,
    )
    expect([error?.expected, error?.actual]).toEqual([
      { 'effects-exactly-once': 'held' },
      { 'effects-exactly-once': 'violated' },
    ])
  })

  it('finds the same at once from the seed and the path that it told', async () => {
    const error = await errorOf(chaosTest(unkeyed, { property })())
    const planIn = (text = '') => /^ {2}plan: (.*)$/m.exec(text)?.[1]
    const [, path = ''] = /path: "([\d:]+)"/.exec(error?.message ?? '') ?? []
    const again = await errorOf(chaosTest(unkeyed, { property: { seed: 7, path } })())
    expect(planIn(again?.message)).toBe(planIn(error?.message))
    expect(again?.message).toContain('found in run 1 and shrunk 0 times')
  })

  it('tells the plan of a check that throws too, and heeds what fast-check is configured with', async () => {
    const before = fc.readConfigureGlobal()
    fc.configureGlobal({ numRuns: 3 })
    let runs = 0
    const failing = () => {
      runs++
      if (runs === 3) throw new RangeError('not so')
    }
    const error = await errorOf(chaosTest(refund, { property: { seed: 7, endOnFailure: true } }, failing)())
    fc.configureGlobal({ ...before })
    expect(error).toBeInstanceOf(RangeError)
    expect(error?.message).toMatch(/^not so\n {2}plan: .*\n {2}replay: /)
    expect(runs).toBe(3)
  })

  it('says so where no fault fits what the agent does', async () => {
    const run = chaosTest({ ...refund, faults: refund.faults.filter(({ name }) => name === 'http/slow') }, { property })
    expect((await errorOf(run()))?.message).toMatch(
      /^expected at least one fault that fits a crossing that was reached/,
    )
  })

  it.each([
    ['an option that it does not know', { numRuns: 3 }, 'chaosTest: it has no option "numRuns"'],
    ['names that are no list', { invariants: 'terminates' }, 'invariants: expected a list of names, got "terminates"'],
    ['parameters that are none', { property: 3 }, 'property: expected parameters of fast-check, got 3'],
    ['options that are none', null, 'expected an object of options, got null'],
  ])('refuses %s, with the line', (_, settings, message) => {
    expect(() => chaosTest(refund, settings as never)).toThrow(
      expect.objectContaining({
        code: 'AGENT_CHAOS_USAGE',
        message: expect.stringContaining(message),
        where: expect.stringMatching(/chaos-test\.test\.ts:\d+$/),
      }),
    )
  })

  it('refuses an invariant that is not on, with the nearest', async () => {
    const error = await errorOf(chaosTest(refund, { property, invariants: ['terminate'] })())
    expect(error).toMatchObject({
      code: 'AGENT_CHAOS_USAGE',
      message: expect.stringContaining('Did you mean "terminates"?'),
    })
  })
})
