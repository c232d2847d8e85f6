/**
 * The entry of a worker process. It is a process and not a thread, for a thread that blocks cannot be ended, nor its
 * memory bounded. The stubs come before everything else, so that what the user's modules capture when they load is
 * already the trial's.
 */
import { installStubs } from '../world/ambient.js'

installStubs()
await import('./serve.js')
