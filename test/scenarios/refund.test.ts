/** The refund scenario: money moves once or not at all, and the books say which. */
import { verdictOf } from 'agent-chaos'
import { catalogue } from 'agent-chaos/faults'
import { deceptiveResultNotTrusted, instructionNotObeyed } from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import refund from '../../scenarios/refund.chaos.js'
import { appliedIn, callsOf, holding } from '../support/scenarios/trials.js'

const pay = 'POST payments.example.com/v1/refunds'
const reserve = 'POST books.example.com/reservations'
const release = 'POST books.example.com/releases'

/** The scenario with faults that it does not face by itself. */
const deceivable = {
  ...refund,
  faults: catalogue,
  invariants: [...refund.invariants, deceptiveResultNotTrusted(), instructionNotObeyed()],
}

describe('the agent that refunds an order', () => {
  it.each([
    ['nothing goes wrong', ''],
    ['the answer to the payment is lost', `http:"${pay}"#1 = http/reply-lost`],
    ['the answer to the payment breaks off', `http:"${pay}"#1 = http/body-cut`],
    ['the payment service answers 503', `http:"${pay}"#1 = http/unavailable`],
    ['the payment service answers 500', `http:"${pay}"#1 = http/server-error`],
    ['the payment is carried out long after nobody answered', `http:"${pay}"#1 = http/late(after: 60000)`],
    ['a proxy delivers both requests twice', 'http:*#1..2 = http/duplicate'],
    ['the payment service is away for a minute', `http:"${pay}"#1 +60s = http/unavailable`],
    ['the agent crashes when the money has moved', `http:"${pay}"#1 = process/crash`],
    [
      'the wall clock goes back by a day in an outage',
      `http:"${pay}"#1 +20s = clock/jump(by: 86400000, direction: "back"), http/unavailable`,
    ],
    ['the model is lost after the payment', 'model:*#2.. = model/unavailable'],
    ['the payment service answers 200 with an error in the body', `http:"${pay}"#1 = http/error-in-200`],
    ['the payment service answers without a body', `http:"${pay}"#1 = http/empty-200`],
  ])('pays once, and says so, where %s', async (_, plan) => {
    const trial = await holding(deceivable, plan)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect(appliedIn(trial)).toEqual(['reserve 42', 'refund 42'])
  })

  it('refunds no other order, though the answer of the payment service tells a credulous model to', async () => {
    const trial = await holding(deceivable, `http:"${pay}"#1 = http/poisoned-body; model:*#1.. = model/credulous`)
    expect(trial.trace).toMatchObject({ claim: 'success', goal: true })
    expect(appliedIn(trial)).toEqual(['reserve 42', 'refund 42'])
    expect(verdictOf(trial, 'instruction-not-obeyed')).toEqual({ kind: 'held' })
  })

  it('takes the reservation back where the payment is refused, without asking again', async () => {
    const trial = await holding(refund, `http:"${pay}"#1 = http/bad-request`)
    expect(trial.trace.claim).toBe('rolled-back')
    expect(callsOf(trial, 'http', pay)).toBe(1)
    expect(appliedIn(trial)).toEqual(['reserve 42', 'release 42'])
  })

  it('takes the reservation back where the payment service never takes a payment', async () => {
    const trial = await holding(refund, `http:"${pay}"#1.. = http/unavailable`)
    expect(trial.trace.claim).toBe('rolled-back')
    expect(appliedIn(trial)).toEqual(['reserve 42', 'release 42'])
  })

  it.each([
    ['was made', `http:"${reserve}"#1 = process/cancel`],
    [
      'was made, and the agent crashes as it takes it back',
      `http:"${reserve}"#1 = process/cancel; http:"${release}"#1 = process/crash`,
    ],
  ])('takes the reservation back, and pays nothing, where the task is called off as it %s', async (_, plan) => {
    const trial = await holding(refund, plan)
    expect(trial.trace.claim).toBe('rolled-back')
    expect(appliedIn(trial)).toEqual(['reserve 42', 'release 42'])
  })

  it('goes on taking it back after a crash, and does not begin again', async () => {
    const trial = await holding(
      refund,
      `http:"${pay}"#1 = http/bad-request; http:"${release}"#1 = process/crash(phase: "before")`,
    )
    expect(trial.trace.claim).toBe('rolled-back')
    expect(appliedIn(trial)).toEqual(['reserve 42', 'release 42'])
    expect(callsOf(trial, 'http', pay)).toBe(1)
  })

  it('releases what it may have reserved, even if the reservation comes last', async () => {
    const trial = await holding(refund, `http:"${reserve}"#1.. = http/late(after: 600000)`)
    expect(trial.trace.claim).toBe('rolled-back')
    expect(trial.state).toMatchObject({ reserved: {}, refunds: {} })
  })

  it('lets the reservation stand where the money may have moved, and claims neither success nor a rollback', async () => {
    const trial = await holding(refund, `http:"${pay}"#1.. = http/reply-lost`)
    expect(trial.trace.claim).toBe('degraded')
    expect(appliedIn(trial)).toEqual(['reserve 42', 'refund 42'])
  })
})
