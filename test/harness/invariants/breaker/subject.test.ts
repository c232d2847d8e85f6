/** That what is said of a breaker shows its events once each, in the order of the trace. */
import { expect, it } from 'vitest'
import { misconduct } from '../../../../harness/invariants/breaker/subject.js'

it('shows its evidence in the order of the trace, and nothing twice', () => {
  expect(misconduct('opens-late', 'It opened late.', [12, 3, 100, 3])).toEqual({
    how: 'opens-late',
    story: 'It opened late.',
    evidence: [3, 12, 100],
  })
})
