/**
 * Whatever stands in a file that a run reads and writes anew, of failures or of known violations, it is refused with its line, or the run tells
 * the truth: of none is it told how it went that did not run, and none is known that the file does not name. A seeded share is tried
 * here; `FUZZ=100000` tries as many, as is done by night.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodePlan, encodePlan } from '../../faults/plan/notation.js'
import { type KnownViolations, knownText, readKnown } from '../../harness/campaign/known.js'
import { failuresText, type RememberedFailure, readFailures } from '../../harness/campaign/remembered.js'
import { bothPhases } from '../../harness/campaign/run.js'
import { isUserError } from '../../harness/contracts/errors.js'
import type { Executor } from '../../harness/contracts/executor.js'
import type { Report, ScenarioReport } from '../../harness/contracts/report/report.js'
import { invoke } from '../fixtures/cli/command-line.js'
import { makeExecutor, type Nature } from '../support/campaign/shards.js'
import { alteredBytes, alteredLines, fuzzing, mutate, nearbyJson, notation, writeJson } from '../support/laws/odd.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-kept-'))
afterAll(() => rmSync(folder, { recursive: true }))

const nature: Nature = {
  salt: 5,
  violating: 0.3,
  inconclusive: 0,
  vacuous: 0,
  failing: 0,
  landing: 0.9,
  leaking: 0,
  killed: 0,
}

interface Ran {
  readonly report: Pick<Report, 'scenarios' | 'interrupted' | 'options'>
  readonly scenario: ScenarioReport
  /** Every trial, by its seed and plan. */
  readonly trials: ReadonlySet<string>
}

async function run(remembered: readonly RememberedFailure[], knownViolations: KnownViolations = []): Promise<Ran> {
  const trials = new Set<string>()
  const made = makeExecutor('one', nature)
  const executor: Executor = {
    facts: made.facts,
    run: (specs, options) => {
      for (const { plan, seed } of specs) trials.add(`${seed} ${encodePlan(plan)}`)
      return made.run(specs, options)
    },
  }
  const { signal } = new AbortController()
  const bounds = { seed: 3, trialsMax: 20, random: 0, depth: '1', measureTrials: 0, sweep: [], sweepTrials: 0 } as const
  const modes = { measure: false, gate: 'fixed', gates: async () => 1, strict: false } as const
  const found = await bothPhases(executor, 'one.chaos.ts', {
    ...bounds,
    ...modes,
    remembered,
    knownViolations,
    signal,
    onProgress: () => {},
  })
  const scenario = { ...found, environment: { file: 'one.chaos.ts' }, timing: { wallMs: 1 } }
  return { report: { scenarios: [scenario], interrupted: false, options: undefined }, scenario, trials }
}

/** People may write it otherwise. */
function asRun(plan: string): string {
  const decoded = decodePlan(plan, makeExecutor('one', nature).facts.faults)
  return decoded.kind === 'plan' ? encodePlan(decoded.plan) : plan
}

const file = join(folder, 'kept.json')

/** `undefined` where it is refused, and then with its line. */
function read<Kept>(reader: (path: string, shown: string) => Kept, content: string | Uint8Array): Kept | undefined {
  writeFileSync(file, content)
  try {
    return reader(file, 'kept.json')
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).toMatch(/^expected a file of /)
    expect(error.where).toMatch(/^kept\.json:[1-9]\d*$/)
    return undefined
  }
}

const failuresIn = (content: string | Uint8Array) => read(readFailures, content)
const knownIn = (content: string | Uint8Array) => read((path, shown) => readKnown(path, shown, false), content)

let texts: Readonly<Record<'failures' | 'known', string>>
beforeAll(async () => {
  const { report } = await run([])
  texts = { failures: failuresText(report, []), known: knownText(report as Report, []) }
})

const value = fc.oneof(nearbyJson, notation, fc.constantFrom<unknown>('listed', 'by-default', 'passes', 'unreachable'))
const place = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 })
/** By field, line or byte. */
const alteration = fc.oneof(
  fc.tuple(place, value).map(
    ([path, value]) =>
      (text: string) =>
        writeJson(mutate(JSON.parse(text), path, value)),
  ),
  alteredLines.map((alter) => (text: string) => alter(text.split('\n')).join('\n')),
  alteredBytes.map((alter) => (text: string) => alter(Buffer.from(text))),
)

describe('a file of failures', () => {
  it('as it is, is read: what is tried below is odd, and nothing else', async () => {
    const failures = failuresIn(texts.failures)
    expect(failures?.length).toBeGreaterThan(2)
    const { scenario } = await run(failures ?? [])
    expect(scenario.verdict).toBe('violated')
    expect(new Set(scenario.remembered?.map(({ outcome }) => outcome))).toEqual(new Set(['fails']))
  })

  it('of anything is refused, or told of as its trials went', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(alteration, async (alter) => {
        const failures = failuresIn(alter(texts.failures))
        if (!failures) return
        taken++
        const { report, scenario, trials } = await run(failures)
        expect(scenario.verdict).toBe('violated')
        for (const { outcome, plan, seed } of scenario.remembered ?? []) {
          if (outcome === 'fails' || outcome === 'passes') expect(trials).toContain(`${seed} ${asRun(plan)}`)
        }
        // What is written can be read, and what this run found stands there.
        const after = failuresIn(failuresText(report, failures))
        const open = after?.filter(({ retired }) => !retired).map(({ signature }) => signature)
        expect(open).toEqual(expect.arrayContaining(scenario.violations.map(({ signature }) => signature)))
      }),
      fuzzing(200),
    )
    expect(taken).toBeGreaterThan(0)
  })
})

describe('a file of known violations', () => {
  it('as it is, lets a run pass: what is tried below is odd, and nothing else', async () => {
    expect((await run([])).scenario.verdict).toBe('violated')
    expect((await run([], knownIn(texts.known))).scenario.verdict).toBe('passed')
  })

  it('of anything is refused, or hides what it names and nothing else', async () => {
    let failing = 0
    await fc.assert(
      fc.asyncProperty(alteration, async (alter) => {
        const known = knownIn(alter(texts.known))
        if (!known) return
        const names = ({ invariant, signature }: { invariant: string; signature: string }) =>
          known.some((one) => one.scenario === 'one' && one.invariant === invariant && one.signature === signature)
        const { report, scenario } = await run([], known)
        const unknown = scenario.violations.filter((violation) => !names(violation))
        expect(scenario.verdict).toBe(unknown.length > 0 ? 'violated' : 'passed')
        expect(scenario.violations.filter((one) => one.known)).toEqual(scenario.violations.filter(names))
        if (unknown.length > 0) failing++
        expect(knownIn(knownText(report as Report, known))).toBeDefined()
      }),
      fuzzing(200),
    )
    expect(failing).toBeGreaterThan(0)
  })
})

describe('the command line', () => {
  it('ends with a result or a mistake, whatever stands in these files, and leaves what it refuses as it was', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('failures', 'known'),
        alteration,
        fc.boolean(),
        fc.boolean(),
        async (name, alter, updates, isOnePin) => {
          const content = Buffer.from(alter(texts[name])).toString()
          const [option, ...more] = name === 'known' && updates ? ['known', '--update-known'] : [name]
          const command = isOnePin ? ['pin', 'scenarios/refund.chaos.ts', '--plan', 'tool:a#1 = tool/slow'] : ['run']
          const options = isOnePin ? ['--failures', 'kept.json'] : [`--${option}`, 'kept.json', ...more]
          let after = ''
          const { code, stderr } = await invoke([...command, ...options], {
            contents: { 'kept.json': content },
            inspect: (cwd) => {
              after = readFileSync(join(cwd, 'kept.json'), 'utf8')
            },
          })
          expect([0, 1, 2], stderr).toContain(code)
          if (code === 2 && !isOnePin) expect(after).toBe(content)
        },
      ),
      fuzzing(100),
    ))
})
