import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isReadAsItIs, TextResponse } from '../../../../harness/transports/memory/text-response.js'

const url = 'https://api.example.com/v1/things'
const init = { status: 201, headers: { 'content-type': 'application/json', 'x-more': 'é' } }
const form = { status: 200, headers: { 'content-type': 'application/x-www-form-urlencoded' } }

type Answer = Response & { bytes(): Promise<Uint8Array> }
type Use = (response: Answer) => unknown

const chunks = async (body: Response['body']) => {
  const all = []
  for await (const chunk of body ?? []) all.push(Buffer.from(chunk).toString())
  return all
}

/** What clients do with an answer, each alone and after each other. */
const uses: Readonly<Record<string, Use>> = {
  text: (response) => response.text(),
  json: (response) => response.json(),
  arrayBuffer: async (response) => Buffer.from(await response.arrayBuffer()).toString(),
  bytes: async (response) => Buffer.from(await response.bytes()).toString(),
  blob: async (response) => {
    const blob = await response.blob()
    return [blob.type, blob.size, await blob.text()]
  },
  formData: async (response) => [...(await response.formData()).entries()],
  'its facts': ({ status, statusText, ok, type, redirected, headers, bodyUsed }) => [
    ...[status, statusText, ok, type, redirected, bodyUsed],
    [...headers],
  ],
  'whether it has a body': (response) => response.body !== null && response.body instanceof ReadableStream,
  'the same body twice': (response) => {
    const { body } = response
    return body === response.body
  },
  'whether the body is locked': (response) => response.body?.locked,
  'a reader of the body': async (response) => {
    const reader = response.body?.getReader()
    const first = await reader?.read()
    const second = await reader?.read()
    return [Buffer.from(first?.value ?? []).toString(), second]
  },
  'a reader that brings its buffer': async (response) => {
    const reader = response.body?.getReader({ mode: 'byob' })
    const { value } = (await reader?.read(new Uint8Array(4))) ?? {}
    return Buffer.from(value ?? []).toString()
  },
  'a reader that is let go': (response) => {
    const reader = response.body?.getReader()
    reader?.releaseLock()
    return [response.bodyUsed, response.body?.locked]
  },
  'all chunks of the body': (response) => chunks(response.body),
  'a body that is cancelled': async (response) => [await response.body?.cancel(), response.bodyUsed],
  'a body in two': async (response) => Promise.all((response.body?.tee() ?? []).map(chunks)),
  'a body through a transform': async (response) => {
    const decoded = response.body?.pipeThrough(new TextDecoderStream() as never) as unknown as ReadableStream<string>
    const parts: string[] = []
    for await (const part of decoded) parts.push(part)
    return parts.join('')
  },
  'a body into a writer': async (response) => {
    const written: string[] = []
    const write = (chunk: Uint8Array) => void written.push(Buffer.from(chunk).toString())
    await response.body?.pipeTo(new WritableStream({ write }))
    return written
  },
  "a body as a stream of Node's": (response) => textOf(Readable.fromWeb(response.body as never)),
  'a body for another response': (response) => new Response(response.body, response).text(),
  'a copy': async (response) => {
    const copy = response.clone()
    return [copy.status, [...copy.headers], await copy.json(), copy.bodyUsed]
  },
  'a copy of a copy': (response) => response.clone().clone().text(),
  'what it is': (response) => [
    response instanceof Response,
    response.constructor === Response,
    Object.prototype.toString.call(response),
    String(response.body),
  ],
  'itself, behind a proxy': (response) => new Proxy(response, {}).text(),
}

const prints: Readonly<Record<string, Use>> = {
  'what is printed of it': (response) => inspect(response).replace(/url: .*/, ''),
  'what is printed of its body': (response) => inspect(response.body),
}

async function outcomeOf(use: Use, response: Response): Promise<unknown> {
  try {
    return { value: await use(response as Answer), used: response.bodyUsed }
  } catch (error) {
    const { name, message } = error as Error
    return { name, message, used: response.bodyUsed }
  }
}

const platforms = (text: string, options: ResponseInit) => new Response(text, options)
const ours = (text: string, options: ResponseInit) => new TextResponse(text, url, options)

describe('a response of a text that is there', () => {
  for (const [name, use] of Object.entries(uses)) {
    it(`gives ${name} as the platform's own does, whatever was asked before`, async () => {
      for (const before of [undefined, ...Object.values(uses)]) {
        const outcomes = []
        for (const make of [platforms, ours]) {
          const response = make('{"a":["ü",1]}', init)
          if (before) await outcomeOf(before, response)
          outcomes.push(await outcomeOf(use, response))
        }
        expect(outcomes[1]).toEqual(outcomes[0])
      }
    })
  }

  it('reads a form, an empty body and what is no JSON as the platform does', async () => {
    for (const [text, options] of [
      ['a=1&b=2', form],
      ['', init],
      ['{"a":', init],
    ] as const) {
      for (const use of Object.values({ ...uses, ...prints })) {
        expect(await outcomeOf(use, ours(text, options))).toEqual(await outcomeOf(use, platforms(text, options)))
      }
    }
  })

  it('knows its address, and so does a copy of it', () => {
    const response = ours('{}', init)
    expect([response.url, response.clone().url]).toEqual([url, url])
    void response.body?.locked
    expect(response.clone().url).toBe(url)
  })

  it('is read as it is unless it begins with a byte order mark or holds half a character', async () => {
    for (const text of ['{}', '', 'ü 😀', '\ufeff{}', 'a\ud800b']) {
      expect(isReadAsItIs(text)).toBe((await platforms(text, init).text()) === text)
    }
  })
})
