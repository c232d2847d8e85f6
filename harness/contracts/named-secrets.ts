/**
 * The values of an environment that are secret by the names of their variables. Apart, because a worker looks for what
 * the scenario sets itself, and its parent hides it.
 */
import { simulatedKeyMark } from './provider.js'
import { secretCharactersMin } from './secret-forms.js'

const variable = /(?:^|_)(?:key|token|secret|pass|passphrase|pwd|auth|credentials?)$|passw(?:or)?d$/i
/** The working directory, in every shell. */
const notSecret = new Set(['PWD', 'OLDPWD'])

export function namedSecretsIn(environment: Readonly<NodeJS.ProcessEnv>): string[] {
  return Object.entries(environment).flatMap(([name, value = '']) =>
    variable.test(name) && !notSecret.has(name) && isSecret(value) ? [value] : [],
  )
}

/** Long enough to be one, and not the key that a simulated provider is called with. */
export function isSecret(value: string): boolean {
  return value.length >= secretCharactersMin && !value.includes(simulatedKeyMark)
}
