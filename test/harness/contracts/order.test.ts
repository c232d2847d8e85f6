/** An order that hangs on the locale would make reports differ from machine to machine. */
import { expect, it } from 'vitest'
import { compareByCodeUnit } from '../../../harness/contracts/order.js'

it('puts capitals first and what is not ASCII last, whatever the locale', () => {
  expect(['é', 'b', 'Z', 'a', 'a'].sort(compareByCodeUnit)).toEqual(['Z', 'a', 'a', 'b', 'é'])
})
