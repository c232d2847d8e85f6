/** Which names say that what stands under them is secret: of variables, and of fields. By the words that a name is made of. */

/** Wherever it stands in the name: `SECRET_KEY_BASE`, `DB_PASSWORD_PROD`. */
const always: ReadonlySet<string> = new Set([
  'secret',
  'secrets',
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'token',
  'credential',
  'credentials',
])
/** At the end of the name of a variable, or before what only says where it is used. */
const lastInVariable: ReadonlySet<string> = new Set(['key', 'keys', 'pass', 'auth', 'pat', 'dsn', 'tokens'])
const whereUsed =
  /^(?:prod|production|live|dev|development|test|testing|stag(?:e|ing)|local|ci|base|v?\d+|old|new|current|next|primary|secondary)$/
/** Behind a word that says secret: it is about one, and is none. */
const about: ReadonlySet<string> = new Set([
  'path',
  'file',
  'dir',
  'url',
  'uri',
  'endpoint',
  'type',
  'name',
  'limit',
  'max',
  'min',
  'count',
  'budget',
  'ttl',
  'expiry',
  'expires',
  'timeout',
  'length',
  'size',
  'algorithm',
  'header',
  'policy',
  'rotation',
  'enabled',
  'required',
])
/** Where a list goes on, and how many words of a text there may be. */
const notSecret = /(?:^|_)(?:next|page|continuation|sync|cancel|max|min|total)_(?:page_)?tokens?$|^(?:old)?pwd$/

/** `sessionToken`, `session-token` and `SESSION_TOKEN` are made of the same words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

export function isSecretVariable(name: string): boolean {
  const words = wordsOf(name)
  if (notSecret.test(words.join('_')) || about.has(words.at(-1) ?? '')) return false
  if (words.some(saysSecret)) return true
  const last = words.findLast((word) => !whereUsed.test(word))
  return last !== undefined && lastInVariable.has(last)
}

/** A field called `key` or `auth` may be anything; its own words must say it. */
export function isSecretField(name: string): boolean {
  const words = wordsOf(name)
  const joined = words.join('_')
  if (notSecret.test(joined) && joined !== 'pwd') return false
  if (about.has(words.at(-1) ?? '')) return false
  return words.some(saysSecret) || secretPair.test(joined)
}

const secretPair =
  /(?:^|_)(?:(?:api|access|private|secret|signing|encryption|master)_key|authorization|(?:set_)?cookie|connection_string)$/

/** Written as one word too: `PGPASSWORD`, `clientsecret`. */
function saysSecret(word: string): boolean {
  return always.has(word) || /(?:password|passwd|secret|token|(?:api|secret|access|private)key)$/.test(word)
}
