/** Proves that a worker knows the end of its pipe on every system. */
import { expect, it } from 'vitest'
import { lengthOf } from '../../../../harness/executors/workers/channel.js'

const failing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: read`), { code })
}

it('the end of a pipe is nothing, also where the system tells of it by an error', () => {
  expect([lengthOf(() => 7), lengthOf(() => 0), lengthOf(failing('EOF'))]).toEqual([7, 0, 0])
  expect(() => lengthOf(failing('EIO'))).toThrow('EIO: read')
})
