/** Proves that users' own invariants say what their functions say, and are refused where they could not be read. */
import { runTrial, type Scenario, UserError } from 'agent-chaos'
import {
  always,
  eventually,
  type Invariant,
  invariant,
  judge,
  never,
  sometimes,
  type Verdict,
  violated,
} from 'agent-chaos/invariants'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../../../../harness/executors/in-process/executor.js'
import { search } from '../../../../harness/search/search.js'
import { probe } from '../../../fixtures/probe/scenario.js'
import { TraceBuilder } from '../../../support/invariants/trace-builder.js'

const verdictOf = (one: Invariant, trace: TraceBuilder, state?: unknown): Verdict | undefined =>
  judge([one], trace.build(), state)[0]?.verdict

function refusal(run: () => unknown): UserError {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('accepted')
}

const here = () => expect.stringMatching(/user-defined\.test\.ts:\d+$/) as string

/** Events 0 to 3 are a call and its answer, and again; 4 is the claim, 5 the end. */
const runWorking = () => {
  const trace = new TraceBuilder()
  trace.ok(trace.call('tool:look')).ok(trace.call('tool:delete', { input: '"all"' }))
  return trace.claim('success')
}

describe('an invariant of a name and a function', () => {
  it.each<[string, () => boolean | string | Verdict | undefined, Verdict]>([
    ['true', () => true, { kind: 'held' }],
    ['nothing', () => undefined, { kind: 'vacuous', because: 'its check had nothing to judge' }],
    ['false', () => false, violated('violated', '"mine" does not hold.', [5])],
    ['a sentence', () => 'It rained.', violated('violated', 'It rained.', [5])],
    ['a verdict', () => violated('wet', 'It rained.', [2]), violated('wet', 'It rained.', [2])],
    ['a verdict without evidence', () => violated('wet', 'It rained.', []), violated('wet', 'It rained.', [5])],
  ])('that answers %s', (_, check, expected) => {
    expect(verdictOf(invariant('mine', check), runWorking())).toEqual(expected)
  })

  it('is asked about the trace and the state, of a type that it says', () => {
    const paid = invariant('paid-once', (trace, { payments }: { readonly payments: number }) =>
      trace.claim === 'success' ? payments === 1 : undefined,
    )
    expect(verdictOf(paid, runWorking(), { payments: 1 })).toEqual({ kind: 'held' })
    expect(verdictOf(paid, runWorking(), { payments: 2 })).toMatchObject({ kind: 'violated' })
    expect(verdictOf(paid, new TraceBuilder(), { payments: 2 })).toMatchObject({ kind: 'vacuous' })
  })

  const odd = (check: () => unknown) => verdictOf(invariant('mine', check as () => boolean), runWorking())

  it('is inconclusive where it throws', () => {
    expect(odd(() => JSON.parse('{'))).toMatchObject({ kind: 'inconclusive' })
  })

  it.each([
    ['a promise', Promise.resolve(true), 'a promise'],
    // biome-ignore lint/suspicious/noThenProperty: query builders are such objects
    ['a query', { then: () => {} }, 'a promise'],
    ['a number', 1, '1'],
    ['null', null, 'null'],
    ['an empty sentence', ' ', '" "'],
    ['an array', [], 'an array'],
  ])('is for the user to fix where it answers with %s', (_, answer, got) => {
    const said = `invariant "mine": its check: expected true, false, a sentence, a verdict or nothing, at once, got ${got}`
    expect(refusal(() => odd(() => answer))).toMatchObject({ message: said, where: here() })
  })

  it.each<[unknown, string]>([
    [{ kind: 'fine' }, 'its check: expected a verdict, as held, '],
    [{ kind: 'vacuous' }, 'its verdict, "vacuous": because: expected a string, got undefined'],
    [
      { kind: 'violated', story: 'S.', evidence: [0] },
      'its verdict, "violated": signature: expected a string, got undefined',
    ],
    [
      { kind: 'violated', signature: 's', evidence: [0] },
      'its verdict, "violated": story: expected a string, got undefined',
    ],
    [
      violated('s', 'S.', [6]),
      'its verdict, "violated": evidence: expected indices of events, each from 0 to 5, got an array',
    ],
    [
      { kind: 'violated', signature: 's', story: 'S.' },
      'evidence: expected indices of events, each from 0 to 5, got undefined',
    ],
  ])('is for the user to fix where its verdict is %j', (answer, message) => {
    expect(refusal(() => odd(() => answer)).message).toContain(message)
  })

  it('carries its words', () => {
    const words = { kind: 'liveness', promise: 'P.', antecedent: 'A.', example: 'E.' } as const
    expect(invariant('mine', () => true, words)).toMatchObject({ name: 'mine', ...words })
    expect(invariant('mine', () => true)).toMatchObject({
      kind: 'safety',
      promise: expect.stringContaining('"mine"') as string,
    })
  })

  it.each(['No-Delete', 'no delete', 'no_delete', '', '-x', 'x-', 'a--b', '1st', 'löschen'])(
    'is not called "%s"',
    (name) => {
      const rule = /in kebab-case: expected small letters, digits and single hyphens, as in no-second-refund; got /
      expect(() => invariant(name, () => true)).toThrow(rule)
      for (const make of [always, never, sometimes]) expect(() => make(name, () => true)).toThrow(rule)
      expect(() => eventually(name, () => true)).toThrow(rule)
    },
  )

  it('is made of a function', () => {
    expect(() => invariant('mine', undefined as never)).toThrow('expected a function of (trace, state)')
    for (const make of [always, never, sometimes, eventually as typeof always]) {
      expect(() => make('mine', 'call', undefined as never)).toThrow('expected a predicate over events, got undefined')
      expect(() => make('mine', undefined as never)).toThrow('expected a predicate over events, got undefined')
      expect(() => make('mine', 7 as never)).toThrow('no event is of kind 7')
    }
    expect(() => invariant('mine', () => true, null as never)).toThrow('options: expected an object, got null')
    expect(() => invariant('mine', () => true, { kind: 'safe' } as never)).toThrow(
      'kind: expected "safety" or "liveness"',
    )
    expect(() => always('mine', () => true, { whenn: 1 } as never)).toThrow('Did you mean "when"?')
    expect(() => always('mine', () => true, { when: 'call' } as never)).toThrow('when: expected a function, got "call"')
  })
})

describe('an invariant that is an object', () => {
  it('may answer with an object of a class of the user', () => {
    class Held {
      get kind() {
        return 'held' as const
      }
    }
    expect(verdictOf({ name: 'raw', kind: 'safety', check: () => new Held() } as never, runWorking())).toEqual({
      kind: 'held',
    })
  })

  it.each([
    ['undefined', undefined, 'undefined'],
    ['false', false, 'false'],
    ['true', true, 'true'],
    ['a sentence', 'It rained.', '"It rained."'],
    ['a promise', Promise.resolve({ kind: 'held' }), 'a promise'],
    [
      'what throws',
      Object.defineProperty({}, 'kind', { get: () => JSON.parse('odd') }),
      'an object that throws when it is read',
    ],
  ])('is for the user to fix where it answers with %s', (_, answer, got) => {
    const raw = { name: 'raw', kind: 'safety', check: () => answer } as unknown as Invariant
    const { message } = refusal(() => verdictOf(raw, runWorking()))
    expect(message).toMatch(/^invariant "raw": its check: expected a verdict, as held, .*invariant\(name, check\)/)
    expect(message).toContain(`got ${got}`)
  })
})

it('an answer of an invariant is taken as it was when it was given, and no more of it than a verdict has', () => {
  let times = 0
  const answer = {
    get kind() {
      times++
      return times === 1 ? 'held' : JSON.parse('odd')
    },
    more: Object.defineProperty({}, 'kind', { get: () => JSON.parse('odd') }),
  }
  const raw = { name: 'raw', kind: 'safety', check: () => answer } as unknown as Invariant
  expect(verdictOf(raw, runWorking())).toEqual({ kind: 'held' })
})

describe('a predicate that answers with neither true nor false', () => {
  const odd = (() => Promise.resolve(false)) as unknown as () => boolean

  it.each<[string, () => Invariant, string]>([
    ['always', () => always('mine', odd), 'predicate'],
    ['never', () => never('mine', 'call', odd), 'predicate'],
    ['sometimes', () => sometimes('mine', odd), 'predicate'],
    ['eventually', () => eventually('mine', odd), 'predicate'],
    ['when', () => always('mine', () => true, { when: odd }), '"when"'],
    ['after', () => eventually('mine', () => true, { after: odd }), '"after"'],
  ])('is for the user to fix in %s', (_, make, which) => {
    const error = refusal(() => verdictOf(make(), runWorking()))
    expect(error.message).toBe(`invariant "mine": its ${which}: expected true or false, at once, got a promise`)
    expect(error.where).toMatch(/user-defined\.test\.ts:\d+$/)
  })
})

describe('always and never', () => {
  it('show the first event that breaks them, and what it is', () => {
    const noDelete = never('no-delete', 'call', (call) => call.site.target === 'delete')
    expect(verdictOf(noDelete, runWorking())).toEqual({
      kind: 'violated',
      signature: 'call tool:delete',
      story: 'What is never to happen happened (call tool:delete).',
      evidence: [2],
    })
    const allOk = always('all-ok', 'return', ({ outcome }) => outcome.kind === 'ok')
    expect(verdictOf(allOk, runWorking())).toEqual({ kind: 'held' })
    const trace = runWorking()
    trace.fail(trace.call('tool:look'))
    expect(verdictOf(allOk, trace)).toMatchObject({ kind: 'violated', signature: 'return', evidence: [6] })
  })

  it('ask about every event where no kind is named', () => {
    expect(
      verdictOf(
        always('in-time', ({ at }) => at <= 1_000),
        runWorking(),
      ),
    ).toEqual({ kind: 'held' })
    expect(
      verdictOf(
        never('late', ({ at }) => at > 1_000),
        runWorking().at(2_000).throwUnhandled('rejection'),
      ),
    ).toMatchObject({
      kind: 'violated',
      signature: 'unhandled',
      evidence: [5],
    })
  })

  it('may look at the whole trace', () => {
    const claimed = always('claimed-when-effective', 'effect', (_, { claim }) => claim === 'success')
    const trace = new TraceBuilder()
    trace.effect(trace.call('effect:refund')).claim('failure')
    expect(verdictOf(claimed, trace)).toMatchObject({ kind: 'violated', signature: 'effect refund' })
  })

  it('are vacuous where there was nothing to ask about', () => {
    expect(
      verdictOf(
        never('no-effect-at-night', 'effect', () => true),
        runWorking(),
      ),
    ).toMatchObject({ kind: 'vacuous' })
    const when = ({ site }: { readonly site: { readonly target: string } }) => site.target === 'refund'
    expect(
      verdictOf(
        always('x', 'call', () => false, { when }),
        runWorking(),
      ),
    ).toEqual({
      kind: 'vacuous',
      because: 'there was no event to ask about',
    })
  })

  it('ask only about what "when" lets through', () => {
    const small = always('deletes-one', 'call', ({ identity }) => identity === '"one"', {
      when: ({ site }) => site.target === 'delete',
    })
    expect(verdictOf(small, runWorking())).toMatchObject({ kind: 'violated', evidence: [2] })
  })

  it('know the kinds of events', () => {
    expect(() => always('mine', 'effects' as 'effect', () => true)).toThrow(
      'invariant "mine": no event is of kind "effects"; kinds are breaker, call, fault, return,',
    )
    expect(() => never('mine', 'effects' as 'effect', () => true)).toThrow('Did you mean "effect"?')
  })
})

describe('sometimes', () => {
  it('holds where it is reached, and is never violated', () => {
    const deleted = sometimes('deletes', 'call', ({ site }) => site.target === 'delete')
    expect(verdictOf(deleted, runWorking())).toEqual({ kind: 'held' })
    expect(verdictOf(deleted, new TraceBuilder())).toEqual({ kind: 'vacuous', because: 'it was not reached' })
  })

  const run = (one: Invariant) => {
    const scenario = { ...probe, invariants: [one], listed: [one.name] }
    return search(inProcess(scenario as Scenario), { seed: 1, trialsMax: 40, command: () => '' })
  }

  it('must be reached once in a run, or the run is inconclusive', async () => {
    // Not one fault by its name: which of them a few trials meet changes with every fault that the catalogue gains.
    const struck = await run(sometimes('meets-a-fault', 'fault', () => true))
    expect(struck).toMatchObject({ verdict: 'passed' })
    const never = await run(sometimes('goes-degraded', 'claim', ({ claim }) => claim === 'degraded'))
    expect(never).toMatchObject({
      verdict: 'inconclusive',
      because: 'goes-degraded was never put to the test: it was not reached',
    })
  })
})

describe('eventually', () => {
  const hasEnded = ({ kind }: { readonly kind: string }) => kind === 'return'
  const answers = eventually('answers', 'return', () => true, { after: 'call' })

  it('holds where each start is followed by an end', () => {
    expect(verdictOf(answers, runWorking())).toEqual({ kind: 'held' })
    expect(verdictOf(eventually('answers', hasEnded), runWorking())).toEqual({ kind: 'held' })
  })

  it('is violated by a start that nothing follows', () => {
    const trace = new TraceBuilder()
    trace.ok(trace.call('tool:look')).call('tool:delete')
    expect(verdictOf(answers, trace.claim('success'))).toEqual({
      kind: 'violated',
      signature: 'never:call tool:delete',
      story: 'The world had healed, and it never came after the last of what it was to follow (call tool:delete).',
      evidence: [2],
    })
    expect(
      verdictOf(
        eventually('deletes', 'effect', () => true),
        runWorking(),
      ),
    ).toMatchObject({
      kind: 'violated',
      signature: 'never',
      evidence: [5],
    })
  })

  it('is not judged where nothing started', () => {
    const after = ({ kind }: { readonly kind: string }) => kind === 'effect'
    expect(verdictOf(eventually('answers', hasEnded, { after }), runWorking())).toMatchObject({ kind: 'vacuous' })
    expect(verdictOf(answers, new TraceBuilder().claim('success'))).toMatchObject({ kind: 'vacuous' })
  })

  it('is judged only in a world that has healed', () => {
    const deletes = eventually('deletes', 'effect', () => true)
    expect(verdictOf(deletes, runWorking().plan({ closed: false }))).toMatchObject({ kind: 'vacuous' })
    expect(verdictOf(deletes, runWorking().cancel())).toMatchObject({ kind: 'vacuous' })
    expect(verdictOf(deletes, new TraceBuilder())).toMatchObject({ kind: 'vacuous' })
  })

  it('knows the kinds of events', () => {
    expect(() => eventually('mine', hasEnded, { after: 'calls' as 'call' })).toThrow('Did you mean "call"?')
  })
})

it('they are judged in a trial like those that ship', async () => {
  const scenario = { ...probe, invariants: [never('no-note', 'effect', ({ effect }) => effect.kind === 'note')] }
  expect((await runTrial(scenario)).judgements).toMatchObject([
    { invariant: 'no-note', verdict: { kind: 'violated', signature: 'effect note' } },
  ])
})
