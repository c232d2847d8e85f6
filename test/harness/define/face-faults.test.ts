/** Proves which faults a scenario faces by how they are named, and that what is left out is left out. */
import { catalogue } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { checksBy } from '../../../harness/contracts/checks.js'
import { faceFaults } from '../../../harness/define/face-faults.js'

const checks = checksBy((rule) => {
  throw new Error(rule)
})
const namesOf = (...given: string[]) => faceFaults(given, catalogue, checks).map(({ name }) => name)
const usual = faceFaults(undefined, catalogue, checks).map(({ name }) => name)

describe('what a scenario leaves out', () => {
  it('is taken from all that it would face, where nothing else is named', () => {
    expect(namesOf('-tool/slow')).toEqual(usual.filter((name) => name !== 'tool/slow'))
    expect(namesOf('-behavioural').some((name) => name === 'model/looping')).toBe(false)
  })

  it('is taken from what it names', () => {
    expect(namesOf('deceptive', '-tool/poisoned-result')).not.toContain('tool/poisoned-result')
    expect(namesOf('deceptive', '-tool/poisoned-result')).toContain('tool/stale-result')
    expect(namesOf('tool/slow', 'tool/late', '-tool/late')).toEqual(['tool/slow'])
  })

  it('has to be a fault or a class', () => {
    expect(() => namesOf('-tool/slwo')).toThrow('no fault and no class is named "tool/slwo". Did you mean "tool/slow"?')
  })
})
