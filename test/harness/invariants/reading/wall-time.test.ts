/** The wall time that oracles reckon with is that which a trial's clock begins at. */
import { expect, it } from 'vitest'
import { trialEpochMs } from '../../../../harness/invariants/reading/wall-time.js'
import { VirtualClock } from '../../../../harness/sandbox/clock.js'

it('begins at midnight of the first of January 2026, for oracles as for agents', () => {
  expect(new Date(trialEpochMs).toISOString()).toBe('2026-01-01T00:00:00.000Z')
  expect(new VirtualClock().wallNow()).toBe(trialEpochMs)
})
