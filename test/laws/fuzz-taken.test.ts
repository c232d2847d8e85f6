/**
 * Whatever passes between an agent and the real world while it is recorded, it is refused as the user's to know, or what is written can be
 * read again. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUserError } from '../../harness/contracts/errors.js'
import { readRecording } from '../../harness/contracts/recording.js'
import { readTaken } from '../../harness/library/recording/read-taken.js'
import type { Taken } from '../../harness/library/recording/take.js'
import { providers } from '../../harness/providers/catalogue.js'
import { alteredBytes, fuzzing, mutate, nearbyJson, somewhere, writeJson } from '../support/laws/odd.js'
import { requestTo } from '../support/providers/questions.js'

const apis = providers.flatMap((provider) =>
  Object.entries(provider.apis).map(([name, api]) => ({ provider, name, api })),
)

/** How many questions and requests were recorded; `undefined` where it is refused. */
function record(taken: readonly Taken[]): readonly [number, number] | undefined {
  try {
    const written = JSON.stringify(readTaken(taken, providers, {}), null, 2)
    const { questions, requests } = readRecording(written, 'x.recording.json')
    return [questions.length, requests.length]
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).not.toMatch(/^expected a recording/)
    return undefined
  }
}

const changes = fc.array(fc.tuple(somewhere, nearbyJson), { maxLength: 2 })
const change = (text: string, made: readonly (readonly [readonly number[], unknown])[]) =>
  made.length === 0
    ? text
    : writeJson(made.reduce<unknown>((all, [path, value]) => mutate(all, path, value), JSON.parse(text)))

describe.each(apis)('what is recorded of $provider.name/$name', ({ provider, name, api }) => {
  const answer = (stream: boolean): Taken => {
    const request = requestTo(provider, name, stream)
    const session = api.open()
    const read = session.read(request)
    if (read.kind === 'refusal') throw new Error(JSON.stringify(read))
    const blocks = [
      { kind: 'text', text: 'Wait.' },
      { kind: 'tool-call', id: 'A0000001aaaaBBBBccccDE', name: 'refund', input: { orderId: '42' } },
    ] as const
    const { status, headers, chunks } = session.write(
      read,
      { blocks, stop: 'tool-use' },
      { inputTokens: 1, outputTokens: 1 },
    )
    return { request, answer: { status, headers, body: { text: chunks.map(String).join('') } } }
  }

  it('can be read again, as it is: what is tried below is odd, and nothing else', () => {
    expect(record([answer(false), answer(true)])).toEqual([2, 0])
  })

  it('can be read again or is refused, whatever is asked and answered', () => {
    const sound = { plain: answer(false), stream: answer(true) }
    let recorded = 0
    fc.assert(
      fc.property(
        fc.constantFrom('plain', 'stream'),
        changes,
        fc.oneof(changes, alteredBytes, fc.string({ unit: 'binary' })),
        (kind, asked, answered) => {
          const { request, answer } = sound[kind]
          const { text } = answer.body
          const isChanged = typeof answered === 'object' && kind === 'plain'
          const odd = isChanged ? change(text, answered) : oddText(text, answered)
          const body = change(request.body, asked)
          const taken = { request: { ...request, body }, answer: { ...answer, body: { text: odd } } }
          if (record([taken, sound.plain])) recorded++
        },
      ),
      fuzzing(200),
    )
    expect(recorded).toBeGreaterThan(0)
  })
})

function oddText(text: string, how: unknown): string {
  if (typeof how === 'string') return how
  return typeof how === 'function' ? String(how(Buffer.from(text))) : text
}

describe('what is recorded of a service', () => {
  const token = fc.string({ unit: fc.constantFrom(...'aZ-9_'), minLength: 1, maxLength: 8 })
  const latin = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .map((code) => String.fromCharCode(code))
      .filter((one) => !/[\x7f-\x9f]/.test(one)),
  })
  const type = fc.constantFrom(
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/problem+json',
  )

  it('can be read again, whatever it is asked and answers', () => {
    fc.assert(
      fc.property(
        fc.tuple(token, fc.webPath(), type, fc.oneof(fc.json(), fc.string({ unit: 'binary' }))),
        fc.tuple(
          fc.integer({ min: 200, max: 599 }),
          type,
          latin,
          fc.oneof(fc.json(), fc.string({ unit: 'binary' })),
          fc.boolean(),
        ),
        ([method, path, asks, body], [status, answers, etag, text, isBytes]) => {
          const headers: Record<string, string> = { 'content-type': asks }
          const request = {
            method,
            url: `https://shop.example${path}`,
            body,
            header: (name: string) => headers[name] ?? null,
            headers: () => headers,
          }
          const encoding = isBytes ? { encoding: 'latin1' as const } : {}
          const answer = { status, headers: { 'content-type': answers, etag }, body: { text, ...encoding } }
          expect(record([{ request, answer }])).toEqual([0, 1])
        },
      ),
      fuzzing(300),
    )
  })
})
