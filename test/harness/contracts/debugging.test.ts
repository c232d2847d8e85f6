/** Proves that a process which is open to a debugger has no limit of real time, and where a debugger is awaited. */
import { close, open } from 'node:inspector'
import { expect, it } from 'vitest'
import { debuggingAt, noLimitMs, unlessDebugged } from '../../../harness/contracts/debugging.js'

it('has its limit, but for as long as it is open to a debugger', () => {
  const before = unlessDebugged(10)
  open(0, '127.0.0.1')
  const meanwhile = unlessDebugged(10)
  close()
  expect([before, meanwhile, unlessDebugged(10)]).toEqual([10, noLimitMs, 10])
})

it('is awaited at a port, on this machine where no host is named', () => {
  expect(debuggingAt('9230', true)).toEqual({ host: '127.0.0.1', port: 9230, stops: true })
  expect(debuggingAt('0.0.0.0:9230', false)).toEqual({ host: '0.0.0.0', port: 9230, stops: false })
})
