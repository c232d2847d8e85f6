/** What holds where neither the command line nor the library's caller says otherwise. Light, for `--help` reads it. */
export const runDefaults = {
  seed: 1,
  /** Trials of the search of one scenario. */
  trialsMax: 200,
  /** Random plans of one scenario, beside those. */
  randomPlans: 0,
  measure: true,
  /** Measured trials of one scenario. */
  measureTrialsMax: 2_000,
  sweep: [] as readonly number[],
  /** Measured trials of one scenario at each fault rate of a sweep. */
  sweepTrials: 200,
  /** Real milliseconds that one trial may take. */
  trialTimeoutMs: 10_000,
  memoryMbMax: 1_024,
  grep: undefined,
  bail: false,
} as const
