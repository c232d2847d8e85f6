/** An output stream whose reader may go away. */
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { sinkOf } from '../../../../harness/cli/output/sink.js'

function streamThat(fails: string | undefined): NodeJS.WriteStream {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(fails === undefined ? null : Object.assign(new Error(fails), { code: fails }))
    },
  })
  return stream as unknown as NodeJS.WriteStream
}

describe('sinkOf', () => {
  it('drops what is written once nobody reads it any more', async () => {
    const sink = sinkOf(streamThat('EPIPE'))
    sink.write('a')
    await new Promise((resolve) => setImmediate(resolve))
    sink.write('b')

    await expect(sink.drained()).resolves.toBeUndefined()
  })

  it('resolves when all has been written', async () => {
    const sink = sinkOf(streamThat(undefined))
    sink.write('a')

    await expect(sink.drained()).resolves.toBeUndefined()
  })
})
