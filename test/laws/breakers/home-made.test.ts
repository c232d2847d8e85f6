/** Proves that a breaker that is written by hand is judged by what it calls: right, it is left alone, and each flaw is named. */
import { type BreakerHook, verdictOf } from 'agent-chaos'
import { breakerConforms, breakerProfiles } from 'agent-chaos/invariants'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Guard, schedules, trialOf } from '../../support/invariants/schedule.js'

const site = 'tool:search'
const [failuresMax, resetMs] = [3, 1_000]

type Flaw =
  | 'none'
  | 'opens too late'
  | 'opens too early'
  | 'counts mistakes of the client'
  | 'lets every other call through while it is open'
  | 'lets all calls try'
  | 'wakes too soon'
  | 'stays half open'
  | 'keeps the permit of a call that failed'

const isMistake = (error: unknown) => (error as { readonly status?: number }).status === 400

class HandMadeBreaker {
  readonly #hook: BreakerHook
  readonly #flaw: Flaw
  readonly #timed: boolean
  #failures = 0
  #openedAt: number | undefined
  #isTried = false
  #isHalfOpen = false
  #turnedAway = 0
  #era = 0

  constructor(hook: BreakerHook, flaw: Flaw, timed: boolean) {
    this.#hook = hook
    this.#flaw = flaw
    this.#timed = timed
  }

  async call<T>(send: () => Promise<T>): Promise<T> {
    this.#admit()
    const [beganAt, era] = [Date.now(), this.#era]
    const tookMs = () => (this.#timed ? Date.now() - beganAt : undefined)
    try {
      const result = await send()
      this.#hook.succeeded(tookMs())
      if (era === this.#era) this.#succeed()
      return result
    } catch (error) {
      if (isMistake(error) && this.#flaw !== 'counts mistakes of the client') {
        this.#hook.ignored(tookMs())
        if (era === this.#era) this.#succeed()
      } else {
        this.#hook.failed(tookMs())
        if (era === this.#era) this.#fail()
      }
      throw error
    }
  }

  #admit(): void {
    if (this.#openedAt === undefined) return
    const waitMs = this.#flaw === 'wakes too soon' ? resetMs / 2 : resetMs
    if (Date.now() - this.#openedAt < waitMs) {
      if (this.#flaw === 'lets every other call through while it is open' && ++this.#turnedAway % 2 === 0) return
      this.#reject()
    }
    if (!this.#isHalfOpen) {
      this.#isHalfOpen = true
      this.#era++
      this.#hook.halfOpened()
    }
    if (this.#isTried && this.#flaw !== 'lets all calls try') this.#reject()
    this.#isTried = true
  }

  #reject(): never {
    this.#hook.rejected()
    throw new Error('turned away')
  }

  #succeed(): void {
    this.#failures = 0
    if (!this.#isHalfOpen || this.#flaw === 'stays half open') return
    this.#openedAt = undefined
    this.#turn()
    this.#hook.closed()
  }

  #fail(): void {
    const enough = { 'opens too late': failuresMax + 1, 'opens too early': failuresMax - 1 }
    const isEnough = ++this.#failures >= ((enough as Partial<Record<Flaw, number>>)[this.#flaw] ?? failuresMax)
    if (!this.#isHalfOpen && !isEnough) return
    if (this.#isHalfOpen && this.#flaw === 'keeps the permit of a call that failed') return
    this.#openedAt = Date.now()
    this.#turn()
    this.#hook.opened()
  }

  /** What began before says nothing about now. */
  #turn(): void {
    this.#isHalfOpen = false
    this.#isTried = false
    this.#era++
  }
}

const schedule = schedules([50, 400, 999, 1_000, 1_001], [300, 1_000, 2_500])
const profile = breakerProfiles.cockatiel({ consecutive: failuresMax, halfOpenAfter: resetMs })
const invariant = breakerConforms({ dependencies: [{ ...profile, uncountedAre: 'success', site }] })

/** What was said of the breaker in many trials. */
async function verdicts(flaw: Flaw, timed = true): Promise<ReadonlySet<string>> {
  const reported = new Set<string>()
  const guard = (hook: BreakerHook): Guard => {
    const breaker = new HandMadeBreaker(hook, flaw, timed)
    return (send) => breaker.call(send)
  }
  const property = fc.asyncProperty(schedule, async (planned) => {
    const trial = await trialOf(planned, ({ observe }) => guard(observe.breaker(site)), { invariants: [invariant] })
    const verdict = verdictOf(trial, 'breaker-conforms')
    reported.add('signature' in verdict ? verdict.signature : verdict.kind)
  })
  await fc.assert(property, { numRuns: 400, seed: 3 })
  return reported
}

describe('a breaker that is written by hand', () => {
  it.each([true, false])('is left alone where it is right, whether it says how long calls took: %s', async (timed) => {
    expect([...(await verdicts('none', timed))].sort()).toEqual(['held', 'vacuous'])
  })

  it.each<[Flaw, string]>([
    ['opens too late', 'late'],
    ['opens too early', 'early'],
    ['counts mistakes of the client', 'miscounts'],
    ['lets every other call through while it is open', 'open'],
    ['lets all calls try', 'probes'],
    ['wakes too soon', 'too-soon'],
    ['stays half open', 'does-not-close'],
    ['keeps the permit of a call that failed', 'stuck'],
  ])('is found where it %s', async (flaw, how) => {
    const accusations = [...(await verdicts(flaw))].filter((reported) => reported.includes(':'))
    expect(accusations).toContain(`${how}:${site}`)
  })
})
