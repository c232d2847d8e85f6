/** A selftest for people: exact at two widths, within the width, plain without colour and Unicode. */
import { describe, expect, it } from 'vitest'
import type { SelftestReport } from '../../../harness/contracts/report/selftest-report.js'
import { columnsOf } from '../../../reports/drawing/text.js'
import { selftest } from '../../../reports/index.js'
import { violation } from '../../fixtures/cli/report.js'
import { agentReport, bugReport, selftestReport } from '../../fixtures/cli/selftest-report.js'

const plain = { width: 80, color: false, unicode: true }
const isCommand = (line: string) => line.startsWith('npx agent-chaos replay ')
const escapeCharacter = String.fromCharCode(27)

const twin = (overrides: Parameters<typeof agentReport>[0]) => agentReport({ repaired: true, ...overrides })

/** Everything that a selftest can have to say. */
const full: SelftestReport = selftestReport({
  verdict: 'failed',
  exitCode: 1,
  bugs: [
    bugReport({
      name: 'accused-when-repaired',
      twin: twin({ name: 'accused-when-repaired', verdict: 'alarm', alarms: [violation()] }),
    }),
    bugReport({
      name: 'missed',
      mistake: null,
      invariant: 'terminates',
      verdict: 'not-found',
      because: 'the canary was not caught: terminates was never violated',
      trials: 500,
      found: null,
      twin: null,
    }),
    bugReport(),
    bugReport({
      name: 'unjudged-when-repaired',
      twin: twin({ name: 'unjudged-when-repaired', untested: ['effects-exactly-once'] }),
    }),
  ],
  agents: [
    agentReport(),
    agentReport({ name: 'unsure', verdict: 'inconclusive', because: 'no fault landed: nothing was tested', landed: 0 }),
  ],
  failures: [{ kind: 'usage', message: 'no default export', environment: { file: 'x.ts', where: 'x.ts:1' } }],
  totals: { bugs: 4, found: 3, foundWithin500Trials: 3, foundWithTwoFaults: 3, agents: 5, trials: 200, alarms: 1 },
})

describe('a selftest at a terminal', () => {
  it.each([60, 80])('has the matrix, what was missed, and who was accused, at %i columns', async (width) => {
    await expect(selftest(full, { ...plain, width })).toMatchFileSnapshot(`snapshots/selftest-${width}.txt`)
  })

  it.each([60, 80, 140])('keeps every line but the commands within %i columns', (width) => {
    const lines = selftest(full, { ...plain, width }).split('\n')
    expect(lines.filter((line) => columnsOf(line) > width && !isCommand(line))).toEqual([])
  })

  it('says in the last lines how much was found and how many alarms there were', () => {
    expect(selftest(selftestReport(), plain).trimEnd().split('\n').slice(-2)).toEqual([
      '✔ passed · 1 of 1 planted bug found, 1 within 500 trials, 1 by at most 2 faults',
      'no false alarm in 80 trials of 2 correct agents · seed 1 · 4.2 s',
    ])
  })

  it('says nothing of correct agents where none was tried', () => {
    const totals = { ...selftestReport().totals, agents: 0, trials: 0 }
    const text = selftest(selftestReport({ agents: [], totals }), plain)
    expect(text).not.toMatch(/correct agent|false alarm/)
  })

  it('leaves out what went well where it is to be quiet', () => {
    expect(
      selftest(selftestReport(), { ...plain, quiet: true })
        .trimEnd()
        .split('\n'),
    ).toHaveLength(2)
    const text = selftest(full, { ...plain, quiet: true })
    expect(text).toContain('✖ missed')
    expect(text).toContain('✖ accused-when-repaired, repaired, raised effects-exactly-once')
    expect(text).not.toContain('no-key')
  })

  it('says the same with colour as without, and can do without Unicode', () => {
    const colored = selftest(full, { ...plain, color: true })
    expect(colored.replace(new RegExp(`${escapeCharacter}\\[\\d+m`, 'g'), '')).toBe(selftest(full, plain))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is not ASCII
    expect(selftest(full, { ...plain, unicode: false })).not.toMatch(/[^\x00-\x7f]/)
  })

  it('is deaf to hostile names', () => {
    const text = selftest(selftestReport({ bugs: [bugReport({ name: '\u001b[2Jno-key' })] }), plain)
    expect(text).not.toContain(escapeCharacter)
  })
})
