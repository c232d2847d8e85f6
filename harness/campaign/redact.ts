/**
 * Secrets leave nothing behind: whatever is to be stored or shown passes here first. A trace holds no headers, but
 * bodies, errors and spans can hold what the user's environment holds. And a report is made to be passed on.
 */
import { isSecret, namedSecretsIn } from '../contracts/named-secrets.js'
import { simulatedKeyMark } from '../contracts/provider.js'
import { formsOfSecret, redacted } from '../contracts/secret-forms.js'
import { isSecretField } from '../contracts/secret-names.js'
import { vendorShapes } from './secret-shapes.js'

/** Hides secrets for one run: those of this process, and those that its workers tell of, which a scenario sets itself. */
export class Redactor {
  readonly #secrets = new Set<string>()

  constructor() {
    // Told of where it is first needed.
    loadRules().catch(() => {})
  }

  /** For a pool of workers. */
  readonly learn = (secrets: readonly string[]): void => {
    for (const secret of secrets) this.#secrets.add(secret)
  }

  /** As `withoutSecrets` does. */
  clear<T>(data: T): Promise<T> {
    return withoutSecrets(data, process.env, this.#secrets)
  }

  /** What `action` gives or throws, without secrets. */
  async guard<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await this.clear(await action())
    } catch (error) {
      throw await this.#clearError(error)
    }
  }

  /** The same error, for who catches it asks of what class it is. */
  async #clearError(error: unknown): Promise<unknown> {
    if (!(error instanceof Error)) return this.clear(error)
    const { message, stack } = await this.clear({ message: error.message, stack: error.stack })
    return Object.assign(error, { message, stack })
  }
}

/**
 * The same data with every secret in it replaced: values of environment variables that are named as secrets are, and
 * the `others`. So are tokens of the shapes that vendors give them, credentials in addresses and authorization headers,
 * private keys, and fields named `password` and the like. The key that a simulated provider is called with is none.
 */
export async function withoutSecrets<T>(
  data: T,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
  others: Iterable<string> = [],
): Promise<T> {
  const tokens = await tokensIn(data)
  const known = [...namedSecretsIn(environment), ...others].flatMap(formsOfSecret)
  // The longest first: of one that begins as another does, the rest would stay.
  const secrets = [...new Set([...known, ...tokens])].sort((left, right) => right.length - left.length)
  const change = remember((text) => hideSecrets(text, secrets))
  return mapText(data, change, remember(isSecretField)) as T
}

/** Of a report's short texts and names, most stand in it many times. */
function remember<Result>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    if (text.length > rememberedMost) return of(text)
    const before = known.get(text)
    if (before !== undefined) return before
    const result = of(text)
    known.set(text, result)
    return result
  }
}

const rememberedMost = 200

/** Loaded beside the first trials, for nothing is said before there is something to say. */
const loadRules = async () => {
  const { lintSource } = await import('@secretlint/core')
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend')
  return { lintSource, vendors: creator }
}

async function tokensIn(data: unknown): Promise<string[]> {
  const { lintSource, vendors } = await loadRules()
  const content = stringsIn(data).join('\n')
  const { messages } = await lintSource({
    source: { content, filePath: 'report', ext: '', contentType: 'text' },
    options: { config: { rules: [{ id: 'vendors', rule: vendors }] }, noPhysicFilePath: true },
  })
  return messages.map(({ range }) => content.slice(...range)).filter(isSecret)
}

/** Bounds everywhere: hostile text must not make it slow. */
const names =
  '(?:[\\w.]{1,40}[_-])?(?:password|passwd|passphrase|passcode|secret|token|credentials?)|[\\w]{0,40}(?:Token|Secret|Password)|' +
  'pwd|(?:client_?)?secret|(?:api|access|private|secret|signing)[_-]?key|(?:proxy-)?authorization|x-api-key|(?:set-)?cookie'
/**
 * In JSON, and in JSON in JSON. The value goes on to the next quote with as many backslashes as the first one had: 0,
 * 1, 3 or 7.
 */
const quotedField = new RegExp(String.raw`((\\{0,7})"(${names})\2"\s*:\s*\2")(?:(?!(?<!\\)\2").){1,9999}`, 'gis')
const formField = new RegExp(String.raw`((?:^|[?&;\s])(${names})=)[^&\s"\\;]{1,9999}`, 'gi')
/** In an address some names are secret that elsewhere say nothing; what they hold is long. */
const parameter =
  /([?&](?:key|sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature)=)[\w%+/.~=-]{16,9999}/gi
const header =
  /((?:^|[\s"'{,(])(?:(?:proxy-)?authorization|(?:x-)?(?:goog-)?api-key|x-auth-token|private-token|x-amz-security-token)["']?\s*[:=]\s*["']?(?:(?:Bearer|Basic|Digest|Token|ApiKey|Bot)\s+)?)(?=[^\s"'\\]{0,9999}\d|[^\s"'\\]{16})[^\s"',;\\]{8,9999}/gi
const cookies = /((?:^|[\s"'{,(])(?:set-)?cookie["']?\s*[:=]\s*["']?)[^\s=;"'\\]{1,200}=[^\r\n"'\\]{1,9999}/gi
/** What is hidden, behind what stays. */
const shapes = [
  /()\beyJ[\w-]{10,2000}\.[\w-]{10,9999}\.[\w-]{10,2000}/g,
  /(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----).{0,9999}?(?=-----END|$)/gs,
  /(:\/\/[^\s:/@"]{0,200}:)[^\s/@"]{1,200}(?=@)/g,
  /\b((?:Bearer|Basic)\s+)[\w+/.~-]{8,9999}={0,2}/g,
  /((?:^|;)\s*(?:AccountKey|SharedAccessKey|SharedAccessSignature)=)[^;\s"\\]{8,9999}/gi,
  header,
  cookies,
  parameter,
]
/** The same, where the name is to say that it is secret. */
const namedShapes = [quotedField, formField]

function hideSecrets(text: string, secrets: readonly string[]): string {
  const hide = (all: string, kept: string) => (all.includes(simulatedKeyMark) ? all : `${kept}${redacted}`)
  const shaped = shapes.reduce((rest, shape) => rest.replace(shape, hide), text)
  const tokens = vendorShapes.reduce((rest, shape) => rest.replace(shape, (all) => hide(all, '')), shaped)
  const named = namedShapes.reduce(
    (rest, shape) =>
      rest.replace(shape, (all, kept: string, ...groups: unknown[]) => {
        const name = groups.slice(0, 2).findLast((group) => typeof group === 'string' && /\w/.test(group))
        return isSecretField(String(name)) ? hide(all, kept) : all
      }),
    tokens,
  )
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, redacted), named)
}

function stringsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data]
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(stringsIn) : []
}

/** A value under a name that says secret goes whole, whatever it looks like. Where there is none, nothing is hidden. */
function mapText(
  data: unknown,
  change: (text: string) => string,
  isHidden: (name: string) => boolean,
  hidden = false,
): unknown {
  if (typeof data === 'string')
    return hidden && data !== '' && !data.includes(simulatedKeyMark) ? redacted : change(data)
  if (Array.isArray(data)) return data.map((item) => mapText(item, change, isHidden, hidden))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, mapText(value, change, isHidden, hidden || isHidden(name))]),
  )
}
