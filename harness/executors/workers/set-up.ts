/** Makes a process a worker. The stubs come before everything else, so that what the user's modules capture when they load is already the trial's. */
import { setFlagsFromString } from 'node:v8'
import { install } from '../../boundaries/install.js'
// Before the stubs: it is to have the real functions.
import './channel.js'

// A few hundred trials do not run code often enough to pay for optimizing it. Each step of virtual time would wait for
// that, so it is to come later. Set here and not on the command line, where a flag that another version of Node does not
// know would end the process.
const isOldV8 = Number.parseInt(process.versions.v8, 10) < 12
setFlagsFromString(isOldV8 ? '--interrupt-budget=1000000' : '--invocation-count-for-turbofan=30000')

install()
await import('./serve.js')
