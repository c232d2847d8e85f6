/** The report for people: exact at three widths, within the width, plain without colour, and deaf to hostile names. */
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../reports/drawing/text.js'
import { terminal } from '../../../reports/index.js'
import {
  caughtCanary,
  failing,
  fullReport,
  missedCanary,
  passing,
  report,
  scenarioReport,
  undecided,
  violation,
} from '../../fixtures/cli/report.js'

const plain = { width: 80, color: false, unicode: true }
const escapeCharacter = String.fromCharCode(27)
const isCommand = (line: string) => line.startsWith('npx agent-chaos replay ')

describe('terminal', () => {
  it.each([60, 80, 140])('prints a run with everything in it at %i columns', async (width) => {
    const text = terminal(fullReport, { ...plain, width, coverage: true })

    await expect(text).toMatchFileSnapshot(`snapshots/terminal-${width}.txt`)
  })

  it.each([60, 80, 140])('keeps every line but the commands within %i columns', (width) => {
    const text = terminal(fullReport, { ...plain, width, coverage: true })

    const tooLong = text.split('\n').filter((line) => columnsOf(line) > width && !isCommand(line))
    expect(tooLong).toEqual([])
  })

  it('never breaks the command that replays a violation', () => {
    const command = `npx agent-chaos replay x.chaos.ts --seed 7 --plan '${'tool:a#1=tool/reply-lost; '.repeat(20)}'`
    const scenario = scenarioReport({ verdict: 'violated', violations: [violation({ environment: { command } })] })

    expect(terminal(report({ scenarios: [scenario] }), plain).split('\n')).toContain(command)
  })

  it('shows the first few of the events that prove a violation', () => {
    const scenario = scenarioReport({ verdict: 'violated', violations: [violation({ evidence: [5, 12, 0, 1, 2, 3] })] })
    const text = terminal(report({ scenarios: [scenario] }), plain)

    expect(text).toContain('  seen    0.500 s ● refund "42" applied, no key\n          11.000 s ● refund "42"')
    expect(text).toContain('          and 2 events more')
  })

  it('tells all that happened in the trial of a violation when it is to be verbose, and shows the coverage', () => {
    const text = terminal(report({ scenarios: [{ ...failing, coverage: passing.coverage }] }), {
      ...plain,
      verbose: true,
    })

    expect(text).toMatch(/\n {2,}0\.000 {2}→ model:\S+#1/)
    expect(text).toMatch(/\n {2}✖ +0\.500 +● refund "42" applied, no key/)
    expect(text).toContain('tool/reply-lost')
    expect(text.split('\n').filter((line) => columnsOf(line) > 80 && !isCommand(line))).toEqual([])
  })

  it('uses colour only when it is asked for', () => {
    expect(terminal(fullReport, plain)).not.toContain(escapeCharacter)
    expect(terminal(fullReport, { ...plain, color: true })).toContain(escapeCharacter)
  })

  it('says the same with colour as without', () => {
    const colored = terminal(fullReport, { ...plain, color: true, coverage: true })

    const uncolored = colored.replace(new RegExp(`${escapeCharacter}\\[\\d+m`, 'g'), '')
    expect(uncolored).toBe(terminal(fullReport, { ...plain, coverage: true }))
  })

  it('does with ASCII alone where marks cannot be shown', () => {
    expect(terminal(fullReport, { ...plain, unicode: false, coverage: true })).toMatch(/^[\n -~]*$/)
  })

  it('tells what a canary caught in one line and not as a failure', () => {
    const text = terminal(report({ scenarios: [caughtCanary] }), plain)

    expect(text).toContain('caught: effects-exactly-once')
    expect(text).toContain('✔ charge-twice: effects-exactly-once caught as expected')
    expect(text).not.toContain('replay it with')
  })

  it('shows the coverage only when it is asked for', () => {
    const passed = report({ scenarios: [passing] })

    expect(terminal(passed, plain)).not.toContain('model/stream-cut')
    expect(terminal(passed, { ...plain, coverage: true })).toContain('model/stream-cut')
  })

  it('shows what did not pass, and nothing else but the last line, when quiet', () => {
    const text = terminal(report({ scenarios: [passing, failing, undecided] }), { ...plain, quiet: true })

    expect(text).toContain('refund-naive broke effects-exactly-once')
    expect(text).toContain('search-agent: inconclusive')
    expect(text).not.toContain('refund-order')
    expect(text).not.toContain('landed')
  })

  it('is what it rests on, and one line, for a quiet run that passed', () => {
    const text = terminal(report(), { ...plain, quiet: true })

    expect(text).toBe(
      'rests on 388 trials that a fault struck; not faced: deceptive faults\n\n' +
        '✔ passed · 1 of 1 scenario passed · 412 trials · 0 violations · seed 7 · 12.3 s\n',
    )
  })

  it('ends with the canary that was not caught, where nothing else failed', () => {
    const lastOf = (...scenarios: (typeof failing)[]) =>
      terminal(report({ verdict: 'violated', scenarios }), { ...plain, width: 140 })
        .trimEnd()
        .split('\n')
        .at(-1)
    expect(lastOf(missedCanary)).toMatch(/^✖ a canary was not caught · 0 of 1 scenario passed/)
    expect(lastOf(missedCanary, failing)).toMatch(/^✖ violated · /)
  })

  it('neutralises control characters in whatever scenarios wrote', () => {
    const hostile = `${escapeCharacter}]0;owned\u0007${escapeCharacter}[2J\u009b31m\rname\u202e\u0008`
    const scenario = scenarioReport({
      name: hostile,
      verdict: 'violated',
      because: hostile,
      violations: [
        violation({ invariant: hostile, story: hostile, environment: { command: `npx agent-chaos ${hostile}\n` } }),
      ],
      notes: [hostile],
      coverage: [{ site: hostile, fault: hostile, state: 'struck', planned: 1, reached: 1, masked: 0, landed: 1 }],
    })
    const failures = [{ kind: 'usage' as const, message: hostile, environment: { file: hostile, where: hostile } }]
    const text = terminal(report({ scenarios: [scenario], failures }), { ...plain, coverage: true })

    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
    expect(text).toContain('name')
  })

  it('measures wide characters by the columns that they take', () => {
    const scenarios = [scenarioReport({ name: '返金エージェント⚡'.repeat(5) })]
    const text = terminal(report({ scenarios }), { ...plain, width: 60 })

    expect(text.split('\n').filter((line) => columnsOf(line) > 60)).toEqual([])
  })

  it('says once and dimly which version made it, on a line of its own where there is no room', () => {
    const lastLines = (width: number) =>
      terminal(report({ scenarios: [] }), { ...plain, width, color: true })
        .trimEnd()
        .split('\n')
        .slice(-2)
    const dim = `${escapeCharacter}[2magent-chaos 0.1.0${escapeCharacter}[22m`
    expect(lastLines(140).at(-1)).toMatch(/12\.3 s · .*agent-chaos/)
    expect(lastLines(140).at(-1)?.endsWith(dim)).toBe(true)
    expect(lastLines(80).at(-1)).toBe(dim)
  })

  it('has nothing but the last line to say of a run without scenarios', () => {
    const text = terminal(report({ scenarios: [] }), plain)

    expect(text).toBe(
      '✔ passed · 0 of 0 scenarios passed · 0 trials · 0 violations · seed 7 · 12.3 s\nagent-chaos 0.1.0\n',
    )
  })
})
