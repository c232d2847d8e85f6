/**
 * `agent-chaos/register`: puts the stubs for time, chance and `fetch` in place. Load it as a set-up file of a test
 * runner, before the agent's modules, so that what they capture when they load is already the trial's. Outside trials
 * the stubs do the real thing.
 */
import { installStubs, stubsInstalled } from './world/ambient.js'

if (!stubsInstalled()) installStubs()
