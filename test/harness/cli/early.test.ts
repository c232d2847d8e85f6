/** How many workers a command starts while it is loaded: no more than it will use, nor than there are cores with nothing to do. */
import { beforeEach, expect, it, vi } from 'vitest'
import { startFor } from '../../../harness/cli/early.js'

const startEarly = vi.hoisted(() => vi.fn())
vi.mock('../../../harness/executors/workers/early.js', () => ({ startEarly, startedAtOnceMax: 4 }))
beforeEach(() => {
  startEarly.mockReset()
})

const count = (): unknown => startEarly.mock.calls.map(([, many]) => many)

it.each([
  [1, ['run'], [1]],
  [2, ['run', 'scenarios/'], [1]],
  [4, ['run'], [3]],
  [16, ['run'], [4]],
  [16, ['run', '--workers', '2'], [2]],
  [16, ['run', '--workers=3', 'scenarios/'], [3]],
  [16, ['run', '--workers', '64'], [4]],
  [16, ['run', '--workers', 'many'], [1]],
  [16, ['run', '--workers'], [1]],
  [16, ['list', 'scenarios/'], [1]],
  [16, ['replay', 'scenarios/a.chaos.ts'], [1]],
  [16, ['run', '--queue', 'redis://localhost'], []],
  [16, ['run', '--help'], []],
  [16, ['report', 'results.json'], []],
  [16, [], []],
] as const)('on %i cores for %j: %j', (cores, args, expected) => {
  startFor(args, cores)
  expect(count()).toEqual(expected)
})

it('is no reason to fail: who needs one is told', () => {
  startEarly.mockImplementation(() => {
    throw new Error('spawn EAGAIN')
  })
  expect(() => startFor(['run'], 2)).not.toThrow()
})
