/** Proves that what is said of a trial which takes too long goes by what it did, and not by how busy the machine is. */
import { describe, expect, it } from 'vitest'
import { Patience } from '../../../../harness/executors/workers/patience.js'

const spanMs = 1_000

/** What one look of 100 ms sees: how much of it the process ran, and waited for a processor. */
type Look = readonly [ranMs: number, waitedMs: number] | undefined

/** Why it ends, and after how much real time; `progress` after so many looks each. */
function endOf(look: (index: number) => Look, progressEvery = Number.POSITIVE_INFINITY) {
  const patience = new Patience({ spanMs, memoryMax: 400, residentMb: () => 80 })
  for (let index = 1; index < 1_000; index++) {
    const [ranMs, waitedMs] = look(index) ?? []
    const of = ranMs === undefined || waitedMs === undefined ? undefined : { ranMs, waitedMs }
    const why = patience.overAfter({ elapsedMs: 100, of })
    if (why) return { why, afterMs: index * 100 }
    if (index % progressEvery === 0) patience.progress()
  }
  return undefined
}

describe('a trial that comes to nothing new', () => {
  it.each([
    ['spins alone', [100, 0], 'unresponsive', 1_000],
    ['spins on half a processor', [50, 50], 'unresponsive', 2_000],
    ['spins on a fifth of a processor', [20, 80], 'unresponsive', 5_000],
    ['gets hardly any processor', [4, 96], 'starved', 10_000],
    ['gets hardly any, and would do nothing with it', [0, 95], 'starved', 10_000],
    ['waits in a call that blocks', [0, 0], 'blocked', 1_000],
    ['waits in a call that blocks, on a busy machine', [5, 45], 'blocked', 1_900],
    ['is on a system that tells nothing', undefined, 'unknown', 1_000],
  ] as const)('and %s ends as it should', (_, look, why, afterMs) => {
    expect(endOf(() => look)).toEqual({ why, afterMs })
  })

  it('is not judged by what it did before it last came to something', () => {
    const blocksAtLast = (index: number): Look => (index <= 30 ? [100, 0] : [0, 0])
    const patience = new Patience({ spanMs, memoryMax: 400, residentMb: () => 80 })
    let why: string | undefined
    for (let index = 1; why === undefined; index++) {
      const [ranMs = 0, waitedMs = 0] = blocksAtLast(index) ?? []
      why = patience.overAfter({ elapsedMs: 100, of: { ranMs, waitedMs } })
      if (index <= 30) patience.progress()
    }
    expect(why).toBe('blocked')
  })
})

describe('a trial that goes on coming to something new', () => {
  it('may take ten times as long, and no longer', () => {
    expect(endOf(() => [100, 0], 5)).toEqual({ why: 'overlong', afterMs: 10_000 })
  })

  it('may take longer for each request to the model, which are bounded by their count', () => {
    const patience = new Patience({ spanMs, memoryMax: 400, residentMb: () => 80 })
    let index = 0
    let why: string | undefined
    while (why === undefined) {
      why = patience.overAfter({ elapsedMs: 100, of: { ranMs: 100, waitedMs: 0 } })
      // A turn takes half of what a trial may be silent for, and after 30 there are no more.
      if (++index % 5 === 0) patience.progress(Math.min(30, index / 5))
    }
    expect({ why, afterMs: index * 100 }).toEqual({ why: 'overlong', afterMs: 40_000 })
  })

  it('does not pay for the time in which it had no processor', () => {
    expect(endOf(() => [50, 50], 5)).toEqual({ why: 'overlong', afterMs: 20_000 })
  })

  it('is nobody’s fault where it spent that time on what it waited for', () => {
    expect(endOf(() => [10, 0], 5)).toEqual({ why: 'unknown', afterMs: 10_000 })
  })
})

it('what turns out to have been a wait for a processor is given back', () => {
  const patience = new Patience({ spanMs, memoryMax: 400, residentMb: () => 80 })
  expect(patience.overAfter({ elapsedMs: 900, of: { ranMs: 0, waitedMs: 0 } })).toBeUndefined()
  expect(patience.overAfter({ elapsedMs: 100, of: { ranMs: 0, waitedMs: 900 } })).toBeUndefined()
  expect(patience.overAfter({ elapsedMs: 800, of: { ranMs: 800, waitedMs: 0 } })).toBeUndefined()
})
