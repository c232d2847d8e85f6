/** What the command line does with a queue. */
export type { Fleet } from './coordinator.js'
export { Coordinator } from './coordinator.js'
export { openQueue } from './executor.js'
export type { QueuedRun } from './protocol.js'
export type { RunListing } from './runs.js'
export { cancelRun, listRuns } from './runs.js'
export { QueueServer } from './server.js'
export { work } from './work.js'
