/** Proves that a worker is told from whoever else writes into its pipe, by what is in a line and not by how it arrives. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hear, lines } from '../../../../harness/executors/workers/hear.js'

const secret = 'a-secret-of-24-bytes'
const drawn = { kind: 'drawn', id: 3, injection: { sites: [], when: {}, faults: [] } }

it('takes what the worker may say', () => {
  expect(hear(`${secret} ${JSON.stringify(drawn)}`, secret)).toEqual({ kind: 'message', message: drawn })
})

it.each(['null', JSON.stringify(drawn), `${secret.slice(1)} ${JSON.stringify(drawn)}`, `x${secret} null`, secret])(
  'calls foreign what does not begin with the secret: %s',
  (line) => {
    expect(hear(line, secret)).toEqual({ kind: 'foreign' })
  },
)

it.each([
  'null',
  '{}',
  'no JSON',
  '{"kind":"gossip"}',
  '{"kind":"done","id":1}',
  '{"kind":"done","id":1,"record":{"judgements":"held"}}',
  '{"kind":"drawn","id":-1,"injection":{"faults":[]}}',
])('calls garbled what the worker never says: %s', (said) => {
  expect(hear(`${secret} ${said}`, secret)).toEqual({ kind: 'garbled' })
})

it('gives whole lines of the worker, however they were cut and whatever stood between them', () => {
  const word = fc.string({ maxLength: 50 }).map((text) => text.replaceAll('\n', ''))
  const line = fc.record({ own: fc.boolean(), text: word })
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat({ max: 30 }), { minLength: 1 }), (all, cuts) => {
      const heard: string[] = []
      const onPiece = lines(secret, (each) => heard.push(each))
      let text = all.map(({ own, text }) => `\n${own ? `${secret} ` : ''}${text}\n`).join('')
      for (let turn = 0; text !== ''; turn++) {
        const length = 1 + (cuts[turn % cuts.length] ?? 0)
        onPiece(text.slice(0, length))
        text = text.slice(length)
      }
      const own = (each: string) => each.startsWith(`${secret} `)
      expect(heard.filter(own)).toEqual(
        all.filter(({ own, text }) => own || text.startsWith(`${secret} `)).map(({ text }) => `${secret} ${text}`),
      )
    }),
  )
})

it('keeps little of a foreign line that never ends', () => {
  const heard: string[] = []
  const onPiece = lines(secret, (each) => heard.push(each))
  for (let piece = 0; piece < 1_000; piece++) onPiece('x'.repeat(1_000))
  onPiece('\n')
  expect(heard.map((each) => each.length < 2_000)).toEqual([true])
})
