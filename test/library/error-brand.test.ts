/** Errors are recognised whichever copy of the package made them: here the build beside the source. */
import { createRequire } from 'node:module'
import { assertResilient, isResilienceError, isUserError, ResilienceError, runTrial, UserError } from 'agent-chaos'
import { describe, expect, it } from 'vitest'

type Package = typeof import('agent-chaos')

const { resolve } = createRequire(import.meta.url)
const built = resolve('../../dist/harness/index.js')
const builtInvariants = resolve('../../dist/harness/invariants/index.js')
const other: Package = await import(/* @vite-ignore */ built)

/** An agent that asks for the same change twice, as the copy declares it. */
const twice = ({ defineScenario, script, say }: Package) =>
  defineScenario({
    name: 'twice',
    task: 'Refund order 1.',
    model: script([say('done')]),
    faults: [],
    world: ({ effect }) => ({
      tools: { refund: () => effect({ kind: 'refund', intent: 1 }, () => 'booked') },
    }),
    agent: async ({ tools }) => {
      await tools.refund()
      return tools.refund()
    },
    goal: () => true,
  })

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was not rejected')
}

describe('an error of another copy of the package', () => {
  it('has a class of its own', () => {
    expect(other.UserError).not.toBe(UserError)
    expect(new other.UserError('no') instanceof UserError).toBe(false)
  })

  it('is recognised as a mistake of the user, by either copy', async () => {
    const theirs = await rejection(other.runTrial(twice(other), { plan: 'no plan' }))
    const ours = await rejection(runTrial(twice(await import('agent-chaos')), { plan: 'no plan' }))
    for (const error of [theirs, ours]) {
      expect([isUserError(error), other.isUserError(error)]).toEqual([true, true])
      expect(error).toMatchObject({ code: 'AGENT_CHAOS_USAGE', where: expect.stringMatching(/^plan:1:\d+$/) })
    }
  })

  it('is recognised as a scenario that did not pass, with its report', async () => {
    const theirs = await rejection(other.assertResilient(twice(other), { trialsMax: 5 }))
    const ours = await rejection(assertResilient(twice(await import('agent-chaos')), { trialsMax: 5 }))
    for (const error of [theirs, ours]) {
      expect([isResilienceError(error), other.isResilienceError(error)]).toEqual([true, true])
      expect(isUserError(error)).toBe(false)
      if (isResilienceError(error)) expect(error.report.verdict).not.toBe('passed')
    }
  })

  it('ends a trial as a mistake of the user when an invariant of another copy throws it', async () => {
    const { invariant }: typeof import('agent-chaos/invariants') = await import(/* @vite-ignore */ builtInvariants)
    const promising = invariant('promising', (async () => true) as never)
    const error = await rejection(runTrial({ ...twice(await import('agent-chaos')), invariants: [promising] }))
    expect(isUserError(error)).toBe(true)
    expect(String(error)).toMatch(/promising.*got a promise/)
  })
})

describe('the brand of errors', () => {
  it('is no part of what an error prints', () => {
    expect(Object.keys(new UserError('no', 'here')).sort()).toEqual(['code', 'name', 'where'])
  })

  it.each([
    ['an error of the name alone', Object.assign(new Error('no'), { name: 'UserError' })],
    ['an error of the code alone', Object.assign(new Error('no'), { code: 'AGENT_CHAOS_USAGE' })],
    ['a plain error', new Error('no')],
    ['nothing', undefined],
    ['a text', 'AGENT_CHAOS_USAGE'],
    ['an error of the other kind', new ResilienceError('no', {} as never)],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get() {
            throw new Error('hands off')
          },
        },
      ),
    ],
  ])('is not found on %s', (_what, value) => {
    expect(isUserError(value)).toBe(false)
  })
})
