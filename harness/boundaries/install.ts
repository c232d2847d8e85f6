/** What must be in place before the user's modules load and capture what they find: the sandbox, and who watches in it. */
import { installStubs, stubsInstalled } from '../sandbox/ambient.js'
import { stubFiles } from './file/stubs.js'
import { stubConnections } from './http/stubs.js'

/** Puts everything in place, once per process. */
export function install(): void {
  // Upon the others: it makes of a write what was planned, and hands it on.
  if (!stubsInstalled()) installStubs([stubFiles, stubConnections])
}
