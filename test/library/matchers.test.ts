/** Proves that `toHold` passes what was not violated, and tells the story, the plan and the timeline of what was. */
import { assertResilient, defineScenario, runTrial, type Trial } from 'agent-chaos'
import type { Invariant } from 'agent-chaos/invariants'
import 'agent-chaos/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import unkeyed from '../../scenarios/canaries/no-idempotency-key.chaos.js'
import { agentWith, shop } from '../../scenarios/refund/shop.js'
import refund from '../fixtures/shop/refund.chaos.js'

let sound: Trial
let broken: Trial
let doubtful: Trial

beforeAll(async () => {
  sound = await runTrial(refund)
  broken = await runTrial(unkeyed, { seed: 3, plan: 'tool:refund#1 = tool/reply-lost' })
  const throwing: Invariant = {
    name: 'throwing',
    kind: 'safety',
    promise: 'None.',
    antecedent: 'None.',
    example: 'None.',
    check: () => {
      throw new Error('oops')
    },
  }
  doubtful = await runTrial(defineScenario({ ...shop, name: 'doubtful', agent: agentWith({}), invariants: [throwing] }))
})

function errorOf(expectation: () => void): unknown {
  try {
    expectation()
  } catch (error) {
    return error
  }
  throw new Error('it passed')
}

function messageOf(expectation: () => void): string {
  const error = errorOf(expectation)
  return error instanceof Error ? error.message : String(error)
}

describe('toHold', () => {
  it('passes what was held, and what was not put to the test', () => {
    expect(sound).toHold('effects-exactly-once')
    expect(sound).toHold('transient-errors-retried')
  })

  it('fails what was violated, with story, seed, plan and timeline', () => {
    const message = messageOf(() => expect(broken).toHold('effects-exactly-once'))
    expect(message).toContain(
      'effects-exactly-once is violated: refund was called again after its answer was lost, without an idempotency key.',
    )
    expect(message).toContain('seed 3, plan "tool:refund#1 = tool/reply-lost"')
    expect(message).toMatch(/^remedy: Make one idempotency key/m)
    const error = errorOf(() => expect(broken).toHold('effects-exactly-once'))
    expect(error).toMatchObject({ expected: 'held', actual: 'violated' })
    expect(message).toContain('⚡ tool/reply-lost')
  })

  it('fails what could not be judged', () => {
    const message = messageOf(() => expect(doubtful).toHold('throwing'))
    expect(message).toBe('throwing could not be judged: the check threw: oops (seed 1, plan "")')
  })

  it('refuses an invariant that is not on, and names the nearest', () => {
    expect(messageOf(() => expect(sound).toHold('terminate'))).toContain('Did you mean "terminates"?')
    expect(messageOf(() => expect(sound).not.toHold('terminate'))).toContain('Did you mean "terminates"?')
  })
})

describe('a trial whose faults did not all land', () => {
  const partly = 'tool:refund#1 = tool/slow; tool:refund#9 = tool/hang'
  const never = 'tool:refund#9 = tool/hang'

  it('passes neither way, and the message says which fault did not land and why', async () => {
    const trial = await runTrial(refund, { plan: partly })
    for (const expectation of [
      () => expect(trial).toHold('effects-exactly-once'),
      () => expect(trial).not.toHold('effects-exactly-once'),
    ]) {
      const message = messageOf(expectation)
      expect(message).toContain('tool/hang of "tool:refund#9 = tool/hang" did not: its crossing never came')
      expect(message).toContain("{ landed: 'some' }")
    }
  })

  it('passes where some are said to be enough, and some landed', async () => {
    expect(await runTrial(refund, { plan: partly })).toHold('effects-exactly-once', { landed: 'some' })
    const none = await runTrial(refund, { plan: never })
    expect(messageOf(() => expect(none).toHold('effects-exactly-once', { landed: 'some' }))).toContain(
      'no fault of the plan landed',
    )
  })

  it('is no proof that its faults break the agent', async () => {
    const trial = await runTrial(unkeyed, { plan: 'tool:refund#1 = tool/reply-lost; tool:refund#9 = tool/hang' })
    expect(messageOf(() => expect(trial).not.toHold('effects-exactly-once'))).toContain('not every fault')
    expect(trial).not.toHold('effects-exactly-once', { landed: 'some' })
    expect(messageOf(() => expect(trial).toHold('effects-exactly-once'))).toContain('is violated')
  })
})

describe('an agent whose SDK was replaced by a mock', () => {
  const mocked = {
    ...refund,
    claims: null,
    agent: ({ tools }: { tools: { refund: (input: object) => unknown } }) =>
      tools.refund({ orderId: '42', cents: 4200, idempotencyKey: 'a' }),
  }

  it('passes neither way without faults', async () => {
    const trial = await runTrial(mocked)
    const reported = 'effects-exactly-once could not be judged: the agent never called the simulated model'
    expect(messageOf(() => expect(trial).toHold('effects-exactly-once'))).toContain(reported)
    expect(messageOf(() => expect(trial).not.toHold('effects-exactly-once'))).toContain(reported)
  })

  it('is no match for a plan that strikes the model', async () => {
    await expect(runTrial(mocked, { plan: 'model:*#1 = model/overloaded' })).rejects.toThrow(
      'expected a site that the scenario has (tool:refund, effect:refund), got model:*',
    )
  })

  it('is not resilient', async () => {
    await expect(assertResilient({ ...mocked, invariants: [] }, { trialsMax: 40 })).rejects.toThrow(
      'the agent never called the simulated model',
    )
  })
})

describe('not.toHold', () => {
  it('passes what was violated', () => {
    expect(broken).not.toHold('effects-exactly-once')
  })

  it('fails what was held, and what was not put to the test', () => {
    expect(messageOf(() => expect(sound).not.toHold('effects-exactly-once'))).toBe(
      'expected effects-exactly-once to be violated, and it was held (seed 1, plan "")',
    )
    expect(messageOf(() => expect(sound).not.toHold('transient-errors-retried'))).toContain('it was vacuous')
  })

  it('fails what could not be judged', () => {
    expect(messageOf(() => expect(doubtful).not.toHold('throwing'))).toContain('could not be judged')
  })
})
