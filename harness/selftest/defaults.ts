/** What holds where the command line says nothing else. Light, for `--help` reads it. */
export const selftestDefaults = {
  /** Trials of the search for one bug. */
  trialsMax: 500,
  /** Trials of all correct agents together. */
  trials: 2_000,
} as const
