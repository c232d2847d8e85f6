/** All benches, in the order of the docs. */
import type { BenchFile } from '../table.js'
import { growth } from './growth.js'
import { byHand } from './set-ups.js'
import { size } from './size.js'
import { startUp } from './start-up.js'
import { turns } from './turns.js'
import { warmTrials } from './warm-trials.js'
import { workers } from './workers.js'

export const benches: readonly BenchFile[] = [startUp, warmTrials, byHand, workers, growth, turns, size]
