/**
 * `agent-chaos/register`: puts the stubs for time, chance and `fetch` in place. Load it as a set-up file of a test
 * runner, before the agent's modules. Then what they capture when they load is already the trial's. Outside trials the
 * stubs do the real thing.
 */
import { install } from './boundaries/install.js'
import { variablesOf } from './contracts/provider.js'
import { providers } from './providers/catalogue.js'

install()

// A vendor's client that is made when a module loads asks for a key at once; a key that is there is left alone.
for (const [name, value] of Object.entries(variablesOf({ providers }, process.env))) {
  if (value !== undefined) process.env[name] ??= value
}
