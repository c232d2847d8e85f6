/** What the benches print and write. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tableIn } from '../readme/detection.js'
import { root } from '../support/cli/command.js'
import { benches } from './benches/benches.js'
import { compareWithAim, markdownOf, milliseconds, plainTextOf, seconds, times } from './table.js'

const table = { head: ['what', 'now'], rows: [['a trial', '2.00×']] }

describe('a table of figures', () => {
  it('is Markdown for the docs, and aligned on a terminal', () => {
    expect(markdownOf(table)).toBe('| what | now |\n| --- | --: |\n| a trial | 2.00× |')
    expect(plainTextOf(table)).toBe('what       now\na trial  2.00×')
  })

  it('tells figures by the digits that count', () => {
    expect([times(1.857), seconds(812), seconds(14_260)]).toEqual(['1.86×', '0.81 s', '14.3 s'])
    expect([milliseconds(0.6589), milliseconds(12.34), milliseconds(123.4)]).toEqual(['0.659 ms', '12.3 ms', '123 ms'])
  })

  it('says whether an aim is reached, by what was measured and not by what is printed', () => {
    expect(compareWithAim(1.8, { atMost: 1.8 }, times)).toEqual(['1.80×', '≤ 1.80×, reached'])
    expect(compareWithAim(1.801, { atMost: 1.8 }, times)).toEqual(['1.80×', '≤ 1.80×, missed'])
    expect(compareWithAim(1.9, { atLeast: 1.8 }, times)[1]).toBe('≥ 1.80×, reached')
    expect(compareWithAim(Number.NaN, { atLeast: 1.8 }, times)[1]).toBe('≥ 1.80×, missed')
  })
})

describe('each bench', () => {
  it.each(benches.map(({ name }) => name))('%s has its place in the docs', (name) => {
    expect(tableIn(readFileSync(join(root, 'docs/speed.md'), 'utf8'), name)).toBeDefined()
  })
})
