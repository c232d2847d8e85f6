/** What is told of a long run, and where it stands. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tableIn } from '../readme/detection.js'
import { type Figures, growthIn, tableOf } from './figures.js'

const rounds = (changes: (round: number) => Partial<Figures> = () => ({})): Figures[] =>
  Array.from({ length: 12 }, (_, index) => ({
    minute: (index + 1) * 5,
    round: index + 1,
    trials: 100,
    parentMb: 100,
    workersMb: 200,
    descriptors: 20,
    processes: 2,
    folders: 1,
    ...changes(index + 1),
  }))

describe('a long run', () => {
  it('has grown where its last third holds more than the second, whatever its first held', () => {
    expect(growthIn(rounds())).toEqual([])
    expect(growthIn(rounds((round) => ({ parentMb: round < 5 ? 10 : 100 })))).toEqual([])
    expect(growthIn(rounds((round) => ({ folders: 1 + Number(round === 9) })))).toEqual([])
    expect(growthIn(rounds((round) => ({ workersMb: 100 * round })))).toEqual(['workersMb grew from 650.0 to 1050.0'])
  })

  it('must be long enough to tell', () => {
    expect(growthIn(rounds().slice(0, 5))).toEqual([expect.stringContaining('got 5')])
  })

  it('is told in six parts, each by what it held at the most', () => {
    const lines = tableOf(
      rounds((round) => ({ parentMb: round })),
      60,
    ).split('\n')
    expect(lines.slice(2).map((line) => line.split(' | ').slice(0, 4).join(' '))).toEqual([
      '| 10 2 200 2 MB',
      '| 20 2 200 4 MB',
      '| 30 2 200 6 MB',
      '| 40 2 200 8 MB',
      '| 50 2 200 10 MB',
      '| 60 2 200 12 MB',
    ])
  })

  it('stands in the docs, and did not grow', () => {
    const text = tableIn(readFileSync('docs/limits.md', 'utf8'), 'soak')
    expect(text).toMatch(/^On .*, Node v\d+.*In 60 minutes there were \d+ rounds/s)
    expect(text).toContain('None of them came to another report')
  })
})
