/** Laws of misuse: whatever a user hands over is taken, or refused at his line. No verdict comes of a slip. */
import { defineScenario, isUserError, runTrial, say, script } from 'agent-chaos'
import * as exported from 'agent-chaos/invariants'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Invariant, judge } from '../../harness/contracts/invariant.js'
import type { Trial } from '../../harness/library/trial.js'
import { agentWith, shop } from '../../scenarios/refund/shop.js'
import { probe } from '../fixtures/probe/scenario.js'

let baseline: Trial

beforeAll(async () => {
  baseline = await runTrial(probe)
})

const circle: Record<string, unknown> = {}
circle.itself = circle
const throwing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('no')
    },
  },
)

const hostile: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['nothing', undefined],
  ['zero', 0],
  ['less than nothing', -1],
  ['a half', 0.5],
  ['no number', Number.NaN],
  ['without end', Number.POSITIVE_INFINITY],
  ['a big integer', 10n],
  ['an empty text', ''],
  ['a text', 'x'],
  ['yes', true],
  ['a symbol', Symbol('s')],
  ['an empty list', []],
  ['a list with a hole', new Array(1)],
  ['a list of nothing', [null]],
  ['an empty object', {}],
  ['an object that holds itself', circle],
  ['an object without a prototype', Object.create(null)],
  ['a date', new Date(0)],
  ['a function', () => 'x'],
  ['a function that throws', () => throwing],
  ['a promise', Promise.resolve()],
]

type Maker = (...args: unknown[]) => unknown

/** Those that make an invariant of options. */
const makers = (Object.entries(exported) as [string, unknown][]).filter(
  (entry): entry is [string, Maker] =>
    typeof entry[1] === 'function' &&
    !['violated', 'vacuous', 'inconclusive', 'judge', 'dependencyFailures'].includes(entry[0]),
)

/** The names stand in what refuses something else. */
function optionsOf(make: Maker): string[] {
  try {
    make([])
  } catch (error) {
    const [, names = ''] = /expected an object of options \(([^)]*)\)/.exec((error as Error).message) ?? []
    return names.split(', ').filter(Boolean)
  }
  return []
}

/** What is made is an invariant that judges, or what is thrown tells the user where. */
function expectReported(name: string, call: () => unknown): void {
  let made: unknown
  try {
    made = call()
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).toMatch(new RegExp(`^(?:${name}|an invariant|invariant)`))
    expect(error.where).toMatch(/misuse\.test\.ts:\d+$/)
    return
  }
  try {
    const [judgement] = judge([made as Invariant], baseline.trace, baseline.state)
    expect(['held', 'violated', 'vacuous', 'inconclusive']).toContain(judgement?.verdict.kind)
  } catch (error) {
    if (!isUserError(error)) throw error
  }
}

describe.each(makers)('%s', (name, make) => {
  it.each(hostile)('takes %s, or refuses it at the line of the call', (_, value) => {
    expectReported(name, () => make(value))
  })

  it('takes nothing at all, or refuses that at the line of the call', () => {
    expectReported(name, () => make())
  })

  it.each(optionsOf(make).flatMap((option) => hostile.map(([what, value]) => [option, what, value] as const)))(
    'takes as %s %s, or refuses it at the line of the call',
    (option, _, value) => {
      expectReported(name, () => make({ [option]: value }))
    },
  )
})

const own = Object.entries({
  invariant: exported.invariant,
  always: exported.always,
  never: exported.never,
  sometimes: exported.sometimes,
  eventually: exported.eventually,
} as Record<string, unknown>) as [string, Maker][]

describe.each(own)('%s, with a name', (name, make) => {
  it.each(hostile)('takes %s in each place behind it, or refuses it at the line of the call', (_, value) => {
    expectReported(name, () => make('a-name', value))
    expectReported(name, () => make('a-name', () => true, value))
    expectReported(name, () => make('a-name', 'call', value))
    expectReported(name, () => make('a-name', 'call', () => true, value))
  })
})

const scenario = { ...shop, name: 'refund', agent: agentWith({}) }

describe('an invariant that nothing can put to the test', () => {
  it.each([
    ['breaker-trips', exported.breakerTrips({}), 'no limit was given'],
    ['within-budget', exported.withinBudget({}), 'no limit was given'],
    ['breaker-recovers', exported.breakerRecovers({ dependencies: [] }), 'no breaker was given'],
    ['breaker-conforms', exported.breakerConforms({ dependencies: [] }), 'no breaker was given'],
    ['compensates', exported.compensates({ pairs: {} }), 'no kind of change is paired with one that undoes it'],
    ['approval-awaited', exported.approvalAwaited({ approvals: {} }), 'no kind of effect needs an approval'],
    ['deceptive-result-not-trusted', exported.deceptiveResultNotTrusted(), 'no fault of class "deceptive"'],
    ['instruction-not-obeyed', exported.instructionNotObeyed(), 'no fault of class "deceptive"'],
  ])('is refused where it is listed: %s', (name, invariant, because) => {
    const define = () => defineScenario({ ...scenario, invariants: [invariant] } as never)
    expect(define).toThrow(`scenario "refund": invariants: "${name}" can never apply: `)
    expect(define).toThrow(because)
  })

  it('is taken where a fault of that class is faced, or the world hands out an instruction of its own', () => {
    const faults = ['deceptive', 'transient'] as const
    const invariants = [exported.deceptiveResultNotTrusted(), exported.instructionNotObeyed()]
    expect(() => defineScenario({ ...scenario, faults, invariants } as never)).not.toThrow()
    const own = [exported.instructionNotObeyed({ tokens: ['canary-1'] })]
    expect(() => defineScenario({ ...scenario, invariants: own } as never)).not.toThrow()
  })
})

describe('a path that no file of the trial can have', () => {
  it.each([
    ['above the folder', '../secrets'],
    ['no text', 7],
    ['nothing', undefined],
  ])('is refused at its line though the agent catches what is thrown: %s', async (_, path) => {
    const scenario = defineScenario<unknown, { read(): Promise<unknown> }>({
      name: 'reads-astray',
      task: 'Read.',
      world: ({ files }) => {
        const { dir } = files
        return { tools: { read: async () => dir && files.read(path as string) } }
      },
      agent: ({ tools }) => tools.read().catch(() => 'done'),
      goal: () => true,
      model: script([say('unused')]),
    })
    const error = await runTrial(scenario).catch((caught: unknown) => caught)
    expect(isUserError(error) && error.message).toContain('files.read: expected a path below files.dir, got')
    expect(isUserError(error) && error.where).toContain('misuse.test.ts:')
  })
})
