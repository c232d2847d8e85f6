/** An output stream whose reader may go away. */
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { sinkOf } from '../../../../harness/cli/output/sink.js'

function streamThat(fails: string | undefined): NodeJS.WriteStream & { readonly fd: number } {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => {
      done(fails === undefined ? null : Object.assign(new Error(fails), { code: fails }))
    },
  })
  return stream as unknown as NodeJS.WriteStream & { readonly fd: number }
}

describe('sinkOf', () => {
  it('drops what is written once nobody reads it any more, and says nothing of it', async () => {
    const failures: Error[] = []
    const sink = sinkOf(streamThat('EPIPE'), (error) => failures.push(error))
    sink.write('a')
    await new Promise((resolve) => setImmediate(resolve))
    sink.write('b')

    await expect(sink.drain()).resolves.toBeUndefined()
    expect(failures).toEqual([])
  })

  it('tells once of anything else that goes wrong', async () => {
    const failures: Error[] = []
    const sink = sinkOf(streamThat('EIO'), (error) => failures.push(error))
    sink.write('a')
    sink.write('b')
    await sink.drain()

    expect(failures.map(({ message }) => message)).toEqual(['EIO'])
  })

  it('resolves when all has been written', async () => {
    const sink = sinkOf(streamThat(undefined), () => undefined)
    sink.write('a')

    await expect(sink.drain()).resolves.toBeUndefined()
  })
})
