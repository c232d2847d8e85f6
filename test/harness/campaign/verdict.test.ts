/** Proves in which order the verdicts of scenarios win over each other, and which exit code each gives. */
import { describe, expect, it } from 'vitest'
import { exitCodeOf, runVerdict } from '../../../harness/campaign/verdict.js'
import type { ScenarioReport } from '../../../harness/contracts/report/report.js'

type ScenarioVerdict = ScenarioReport['verdict']

interface Ran {
  readonly verdicts?: readonly ScenarioVerdict[]
  readonly failures?: readonly ('usage' | 'bug')[]
  readonly interrupted?: boolean
}

function exitCode({ verdicts = [], failures = [], interrupted = false }: Ran): number {
  const scenarios = verdicts.map((verdict) => ({ verdict }) as ScenarioReport)
  return exitCodeOf(
    runVerdict(
      scenarios,
      failures.map((kind) => ({ kind })),
      interrupted,
    ),
  )
}

/** What can go wrong with a run, the gravest first. */
const ladder: readonly [code: number, ways: readonly Ran[]][] = [
  [1, [{ verdicts: ['violated'] }, { verdicts: ['broken'] }]],
  [130, [{ interrupted: true }]],
  [70, [{ failures: ['bug'] }]],
  [2, [{ failures: ['usage'] }, { verdicts: ['misconfigured'] }]],
  [3, [{ verdicts: ['inconclusive'] }]],
  [0, [{ verdicts: ['passed'] }]],
]

function both(one: Ran, other: Ran): Ran {
  return {
    verdicts: [...(one.verdicts ?? []), ...(other.verdicts ?? [])],
    failures: [...(one.failures ?? []), ...(other.failures ?? [])],
    interrupted: (one.interrupted ?? false) || (other.interrupted ?? false),
  }
}

describe('the verdict of a run', () => {
  it.each(ladder)('exits %i for each of %j', (code, ways) => {
    for (const way of ways) expect(exitCode(way)).toBe(code)
  })

  it('is that of the gravest, in whatever order they come', () => {
    for (const [rank, [code, ways]] of ladder.entries()) {
      for (const [, milder] of ladder.slice(rank)) {
        for (const one of ways) {
          for (const other of milder) {
            expect(exitCode(both(one, other))).toBe(code)
            expect(exitCode(both(other, one))).toBe(code)
          }
        }
      }
    }
  })
})
