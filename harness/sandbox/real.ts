/**
 * The real functions of the platform, for the harness's own use. Apart from everything else because it must be captured
 * before the stubs are in place. Whatever needs real time or a real network inside a trial takes it from here.
 */
import { processWide } from './process-wide.js'

/** Real time, real timers, the real `fetch` and `process.exit`, as they were when agent-chaos was first loaded. */
export const real = processWide.real
