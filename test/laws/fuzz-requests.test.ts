/**
 * Whatever an agent sends to a simulated provider is read or refused, as the real API would, and answered in bytes. Nothing that
 * it sends is a bug of ours. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Api, WireRequest } from '../../harness/contracts/provider.js'
import { providers } from '../../harness/providers/catalogue.js'
import { fuzzing, mutate, nearbyJson, somewhere, writeJson } from '../support/laws/odd.js'
import { requestTo } from '../support/providers/questions.js'

const apis = providers.flatMap((provider) =>
  Object.entries(provider.apis).map(([name, api]) => ({ provider, name, api })),
)

interface Answered {
  readonly status: number
  readonly chunks: readonly string[]
}

/** By one session, twice: what the first leaves behind must not break the second. */
function ask(api: Api, requests: readonly WireRequest[]): Answered[] {
  const session = api.open()
  const reply = { blocks: [{ kind: 'text', text: 'Done.' }], stop: 'end-turn' } as const
  const answers = requests.map((request) => {
    const read = session.read(request)
    return read.kind === 'refusal'
      ? read.answer
      : session.write(read, reply, { inputTokens: read.inputTokens, outputTokens: 1 })
  })
  // What it remembers goes to another process.
  api.open(JSON.parse(JSON.stringify(session.snapshot())))
  return answers
}

describe.each(apis)('$provider.name/$name', ({ provider, name, api }) => {
  const sound = (stream: boolean) => requestTo(provider, name, stream)

  it('reads or refuses a body in which anything is anything else', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(somewhere, nearbyJson), { minLength: 1, maxLength: 3 }),
        (stream, changes) => {
          const request = sound(stream)
          const body = changes.reduce<unknown>(
            (made, [path, value]) => mutate(made, path, value),
            JSON.parse(request.body),
          )
          const odd = { ...request, body: writeJson(body) }
          for (const { status, chunks } of ask(api, [odd, odd, request])) {
            expect(status).toBeGreaterThanOrEqual(200)
            expect(status).toBeLessThan(500)
            expect(chunks.join('')).not.toBe('')
          }
        },
      ),
      fuzzing(200),
    )
  })

  it('refuses what is no JSON, and answers the next question all the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
        const request = sound(false)
        const [odd, next] = ask(api, [{ ...request, body }, request])
        expect(odd?.status).toBeGreaterThanOrEqual(400)
        expect(odd?.status).toBeLessThan(500)
        expect(next?.status).toBe(200)
      }),
      fuzzing(200),
    )
  })
})
