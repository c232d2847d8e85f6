/** In which order scenarios stand on the page: what did not pass, then what did, then the canaries that were caught. */
import type { ScenarioReport } from '../../harness/contracts/report/report.js'

export interface Arrangement {
  readonly scenarios: readonly ScenarioReport[]
  /** Those that did what they are there for. */
  readonly canaries: readonly ScenarioReport[]
}

export function arrange(all: readonly ScenarioReport[]): Arrangement {
  const passed = all.filter(({ verdict }) => verdict === 'passed')
  return {
    scenarios: [
      ...all.filter(({ verdict }) => verdict !== 'passed'),
      ...passed.filter(({ canary }) => canary === null),
    ],
    canaries: passed.filter(({ canary }) => canary !== null),
  }
}
