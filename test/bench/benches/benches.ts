/** All benches, in the order of the docs. */
import type { BenchFile } from '../table.js'
import { startUp } from './start-up.js'
import { warmTrials } from './warm-trials.js'

export const benches: readonly BenchFile[] = [startUp, warmTrials]
