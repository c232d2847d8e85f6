/** Proves that a run which was cut off anywhere goes on to the report of one that was not, and runs nothing twice that it knows of. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journal, type JournalHead, writerOf } from '../../../../harness/campaign/journal/journal.js'
import { firstSeal, sealLine } from '../../../../harness/campaign/journal/lines.js'
import { stream } from '../../../../harness/contracts/stream.js'
import { goOnFrom, head, journalOf, type Ran, runTwo } from '../../../support/campaign/journalled.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bounds = { seed: 1, trialsMax: 60, random: 10, measureTrials: 80, sweep: [0.2] }
const path = join(folder, 'journal.jsonl')
let whole: Buffer
let undisturbed: Ran

beforeAll(async () => {
  undisturbed = await runTwo(bounds)
  whole = await journalOf(path, bounds)
})

describe('a run that was cut off', () => {
  it('comes to the same report from any byte of its journal on, and runs what it knows of no second time', async () => {
    const draw = stream(1, 'cuts')
    const headBytes = whole.indexOf('\n') + 1
    for (let cut = 0; cut < 40; cut++) {
      const bytes = headBytes + Math.floor(draw() * (whole.length - headBytes + 1))
      const { known, text, trials } = await goOnFrom(path, whole.subarray(0, bytes), bounds)
      expect(text, `cut at byte ${bytes}`).toBe(undisturbed.text)
      expect(known + trials).toBe(undisturbed.trials)
    }
  })

  it('runs nothing at all where all was done', async () => {
    const { known, trials, text } = await goOnFrom(path, whole, bounds)
    expect({ known, trials }).toEqual({ known: undisturbed.trials, trials: 0 })
    expect(text).toBe(undisturbed.text)
  })

  it.each([
    ['zeros, as a crashed machine leaves them', Buffer.alloc(4096)],
    ['half a line', Buffer.from('{"file":"one","key":"')],
    ['a line of something else', Buffer.from('{"other":true}\n')],
  ])('puts away %s, and writes on behind what is whole', async (_what, tail) => {
    const half = whole.subarray(0, whole.indexOf('\n', whole.length >> 1) + 1)
    writeFileSync(path, Buffer.concat([half, tail]))
    const journal = Journal.resume(path, head)
    const first = await runTwo(bounds, journal)
    journal.close()
    expect(first.text).toBe(undisturbed.text)
    const again = await goOnFrom(path, readFileSync(path), bounds)
    expect(again).toMatchObject({ known: undisturbed.trials, trials: 0, text: undisturbed.text })
  })
})

describe('a journal', () => {
  const resumeAs = (other: Partial<JournalHead>) => () => Journal.resume(path, { ...head, ...other })

  it('of another run is refused, and the code that differs is named', () => {
    writeFileSync(path, whole)
    expect(resumeAs({ writtenBy: '1.2.4' })).toThrow('is of agent-chaos 1.2.3; this is 1.2.4')
    expect(resumeAs({ options: 'trials: 61' })).toThrow('had other options or files')
    expect(resumeAs({ code: () => ({ 'a.ts': '1', 'b.ts': '3', 'c.ts': '4' }) })).toThrow(
      'no longer what was run: b.ts, c.ts.',
    )
    expect(readFileSync(path).equals(whole)).toBe(true)
  })

  it('that was altered names the line, and gives out nothing from there on', () => {
    const lines = whole.toString().split('\n')
    writeFileSync(path, lines.with(3, lines[4] ?? '').join('\n'))
    const journal = Journal.resume(path, head)
    expect(journal.damagedLine).toBe(4)
    // Behind the head and the process that wrote it stands one trial.
    expect(journal.trials).toBe(1)
    journal.close()
    writeFileSync(path, lines.with(0, lines[1] ?? '').join('\n'))
    expect(resumeAs({})).toThrow('expected the journal of a run as agent-chaos wrote it, got a line that was altered')
  })

  it('that is altered while the run goes on gives out nothing that was not written', () => {
    const lines = whole.toString().split('\n')
    const { file, key } = JSON.parse(lines[2] ?? '') as { file: string; key: string }
    writeFileSync(path, whole)
    const journal = Journal.resume(path, head)
    expect(journal.recordOf(file, key)).toBeDefined()
    writeFileSync(path, Buffer.alloc(whole.length, 'x'))
    expect(journal.recordOf(file, key)).toBeUndefined()
    journal.end()
  })

  it('of another form is refused, whoever wrote it', () => {
    writeFileSync(path, sealLine({ format: 'agent-chaos/journal', version: 3 }, firstSeal).text)
    expect(resumeAs({})).toThrow('is of another agent-chaos')
    rmSync(path)
    expect(resumeAs({})).toThrow('no run of these files with these options was cut off here')
  })

  it('says who writes it, and is for its owner alone', () => {
    const journal = Journal.begin(path, head)
    expect(writerOf(path)).toBeUndefined()
    journal.writeHead()
    expect(writerOf(path)).toBe(process.pid)
    expect(statSync(path).mode & 0o077).toBe(0)
    journal.end()
    expect(writerOf(path)).toBeUndefined()
  })

  it('remembers secrets, so that no later report tells them', () => {
    const journal = Journal.begin(path, head)
    journal.learn(['sk-one', 'sk-two'])
    journal.learn(['sk-two'])
    journal.close()
    expect(readFileSync(path, 'utf8').match(/sk-two/g)).toHaveLength(1)
    const again = Journal.resume(path, head)
    expect(again.secrets).toEqual(['sk-one', 'sk-two'])
    again.end()
  })

  it('that another file stands in place of names nobody', () => {
    writeFileSync(path, '{"pid":1}\n{"pid":2}\n')
    expect(writerOf(path)).toBeUndefined()
  })
})
