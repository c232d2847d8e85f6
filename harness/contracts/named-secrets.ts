/**
 * The values of an environment that are secret by the names of their variables, and what is secret in the others: the password
 * of an address, the key of a connection string. Apart, because a worker looks for what the scenario sets itself, and its
 * parent hides it.
 */
import { simulatedKeyMark } from './provider.js'
import { secretCharactersMin } from './secret-forms.js'
import { isSecretVariable } from './secret-names.js'

export function namedSecretsIn(environment: Readonly<NodeJS.ProcessEnv>): string[] {
  return Object.entries(environment)
    .flatMap(([name, value = '']) => [...(isSecretVariable(name) ? [value] : []), ...credentialsIn(value)])
    .filter(isSecret)
}

const inAddress = /^[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@]{0,200}:([^\s@]{1,500})@/i
const inConnectionString =
  /(?:^|;)\s*(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|secret)\s*=\s*([^;]{1,2000})/gi

/** As it stands, and as it is meant: in an address it is encoded. */
function credentialsIn(value: string): string[] {
  const [, password] = inAddress.exec(value) ?? []
  const others = [...value.matchAll(inConnectionString)].map(([, secret = '']) => secret.trim())
  return [...(password === undefined ? [] : [password, decode(password)]), ...others]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Long enough to be one, and not the key that a simulated provider is called with. */
export function isSecret(value: string): boolean {
  return value.length >= secretCharactersMin && !value.includes(simulatedKeyMark)
}
