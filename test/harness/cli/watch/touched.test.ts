/** What a change touches, and what it does not. */
import { describe, expect, it } from 'vitest'
import type { Graph } from '../../../../harness/cli/watch/graph.js'
import { filesTouchedBy, withEarlier } from '../../../../harness/cli/watch/touched.js'

const graph = (file: string, loads: readonly string[], isOpen = false): Graph => ({
  file,
  loads: new Set([file, ...loads]),
  isOpen,
})
const a = graph('/a.chaos.ts', ['/agent.ts', '/shared.ts'])
const b = graph('/b.chaos.ts', ['/shared.ts'])
const open = graph('/open.chaos.ts', ['/late.ts'], true)

describe('what a change touches', () => {
  it.each([
    ['what loads it', ['/agent.ts'], ['/a.chaos.ts']],
    ['all that load it', ['/shared.ts'], ['/a.chaos.ts', '/b.chaos.ts']],
    ['a scenario file itself', ['/b.chaos.ts'], ['/b.chaos.ts']],
    ['everything, where nothing is known to load it', ['/prompt.md'], ['/a.chaos.ts', '/b.chaos.ts']],
    ['no more for a scenario that was not asked for', ['/other.chaos.ts'], []],
    ['no more for tests', ['/agent.test.ts', '/agent.spec.mjs'], []],
    ['what each of several touches', ['/agent.ts', '/other.chaos.ts'], ['/a.chaos.ts']],
  ])('is %s: %j', (_what, changed, touched) => {
    expect(filesTouchedBy(changed, [a, b])).toEqual(touched)
  })

  it('is also a scenario that loads modules by names put together as it runs', () => {
    expect(filesTouchedBy(['/agent.ts'], [a, b, open])).toEqual(['/a.chaos.ts', '/open.chaos.ts'])
    expect(filesTouchedBy(['/agent.test.ts'], [open])).toEqual([])
  })

  it('is what loaded a module that is gone', () => {
    const later = [graph('/a.chaos.ts', ['/shared.ts']), b]
    expect(filesTouchedBy(['/agent.ts'], withEarlier(later, [a, b]))).toEqual(['/a.chaos.ts'])
  })
})
