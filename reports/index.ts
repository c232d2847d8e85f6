/** `agent-chaos/reports`: pure functions from a report, or from one trial, to text. */
export { type ComparisonOptions, comparison } from './comparison.js'
export { json } from './json.js'
export { type SelftestOptions, selftest } from './selftest.js'
export type { ReportOptions } from './style.js'
export { type TerminalOptions, terminal } from './terminal.js'
export { timeline } from './timeline.js'
export { type TrialFindings, trial } from './trial.js'
