/**
 * A `Response` whose body is a text that is there already. The platform makes a stream of each body, which takes longer
 * than all else of an answer. Who reads it whole, once, needs none. Whatever else is asked for, the platform's own gives.
 */

interface Kept {
  readonly text: string
  readonly url: string
  isRead: boolean
  body: Response['body'] | undefined
  /** Made when it is needed. */
  platforms: Response | undefined
}

/** No private name: through a proxy that somebody puts around it, as around the platform's own, that is not found. */
const kept = Symbol('kept')

const loneSurrogate = /\p{Cs}/u

/** Whether the platform would read the same text from it. */
export function isReadAsItIs(text: string): boolean {
  return !loneSurrogate.test(text) && !text.startsWith('\ufeff')
}

/** The headers must have a `content-type`, and the text must be read as it is. */
export class TextResponse extends Response {
  readonly [kept]: Kept

  constructor(text: string, url: string, init: ResponseInit) {
    super(null, init)
    this[kept] = { text, url, isRead: false, body: undefined, platforms: undefined }
  }
}

/** The platform's own of the same body, read as often as this one. */
function platformsOf({ [kept]: own, status, statusText, headers }: TextResponse): Response {
  if (!own.platforms) {
    own.platforms = new Response(own.text, { status, statusText, headers })
    if (own.isRead) void own.platforms.text()
  }
  return own.platforms
}

/** The text, for who reads it first. The platform's own getter refuses what is none of its responses, as newer ones do a proxy. */
function take(response: TextResponse): string | undefined {
  void response.status
  const own = response[kept]
  if (own.isRead || own.platforms) return undefined
  own.isRead = true
  return own.text
}

/** The stream, made when something of it is asked for: SDKs look whether there is one, and read the whole answer. */
function bodyOf(response: TextResponse): Response['body'] {
  const stream = () => platformsOf(response).body as object
  return new Proxy(Object.create(ReadableStream.prototype), {
    get: (_, key) => Reflect.get(stream(), key, stream()),
    set: (_, key, value) => Reflect.set(stream(), key, value),
    has: (_, key) => Reflect.has(stream(), key),
  })
}

/** The types know no `bytes` yet. */
type Members = Partial<Response & Bytes> & ThisType<TextResponse>
interface Bytes {
  bytes(): Promise<Uint8Array>
}

const members: Members = {
  get url() {
    return this[kept].url
  },
  get body() {
    this[kept].body ??= bodyOf(this)
    return this[kept].body
  },
  get bodyUsed() {
    return this[kept].platforms?.bodyUsed ?? this[kept].isRead
  },
  async text() {
    return take(this) ?? platformsOf(this).text()
  },
  async json() {
    const text = take(this)
    return text === undefined ? platformsOf(this).json() : JSON.parse(text)
  },
  arrayBuffer() {
    return platformsOf(this).arrayBuffer()
  },
  blob() {
    return platformsOf(this).blob()
  },
  bytes() {
    return (platformsOf(this) as Response & Bytes).bytes()
  },
  formData() {
    return platformsOf(this).formData()
  },
  clone() {
    const { [kept]: own, status, statusText, headers } = this
    if (!own.isRead && !own.platforms) return new TextResponse(own.text, own.url, { status, statusText, headers })
    return Object.defineProperty(platformsOf(this).clone(), 'url', { value: own.url })
  },
}

// By descriptors: the types have some as properties, which no member of a class may replace.
Object.defineProperties(TextResponse.prototype, Object.getOwnPropertyDescriptors(members))
Object.defineProperty(TextResponse.prototype, 'constructor', { value: Response })
