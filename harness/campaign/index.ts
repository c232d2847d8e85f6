/** What the command line and the library do with scenario files. */

export { compareReports } from './compare.js'
export { inspect, type ScenarioListing } from './inspect.js'
export { mergeReports } from './merge.js'
export { type ReportFile, readReport } from './read-report.js'
export { type Replay, replayFile } from './replay.js'
export { type Progress, type RunOptions, runCampaign } from './run.js'
export type { InspectOptions } from './single.js'
