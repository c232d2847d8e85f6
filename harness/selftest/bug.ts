/** A planted bug: the search that a run makes of any canary, and what it took until it was caught. */

import type { Executor } from '../contracts/executor.js'
import type { BugReport } from '../contracts/report/selftest-report.js'
import type { SearchProgress } from '../search/options.js'
import { search } from '../search/search.js'
import type { SearchResult } from '../search/searched.js'
import { mistakeIn } from './mistake.js'

export interface BugOptions {
  readonly seed: number
  readonly trialsMax: number
  readonly signal: AbortSignal
  /** As it is to be shown. */
  readonly file: string
  readonly source: string
  readonly command: (seed: number, plan: string) => string
  readonly onProgress: (progress: SearchProgress) => void
}

/** Expects a scenario that is a canary. Its twin is for another trial. */
export async function findBug(executor: Executor, options: BugOptions): Promise<BugReport> {
  const { file, source } = options
  // A bug that no single fault shows is looked for by several at once, as far as the bound allows.
  const result = await search(executor, { ...options, randomPlans: 'fill' })
  const { name, canary, because, invariants } = result
  return {
    name,
    mistake: mistakeIn(source),
    invariant: canary ?? '',
    verdict: verdicts[result.verdict],
    because,
    trials: result.search.run,
    found: findingIn(result),
    invariants,
    twin: null,
    environment: { file },
  }
}

const verdicts = {
  passed: 'found',
  violated: 'not-found',
  broken: 'broken',
  misconfigured: 'misconfigured',
  inconclusive: 'inconclusive',
  // Only a part of a search is, and a bug is searched for whole.
  pending: 'inconclusive',
} as const satisfies Record<SearchResult['verdict'], BugReport['verdict']>

function findingIn({ verdict, canary, violations }: SearchResult): BugReport['found'] {
  const caught = verdict === 'passed' ? violations.find(({ invariant }) => invariant === canary) : undefined
  if (!caught) return null
  const { foundAfterTrials: afterTrials, faults, environment } = caught
  const { plan, seed } = caught.trial
  return { afterTrials, faults, plan, seed, environment: { command: environment.command } }
}
