/** What the command line does to test the harness itself. */
export type { SelftestOptions, SelftestProgress } from './options.js'
export { runSelftest } from './selftest.js'
export { missingPackages, shippedFiles } from './shipped.js'
