/**
 * The entry of a worker process. It is a process and not a thread, for a thread that blocks cannot be ended, nor its
 * memory bounded.
 */
import { useKeptCode } from './code-cache.js'

useKeptCode('worker')
await import('./set-up.js')
