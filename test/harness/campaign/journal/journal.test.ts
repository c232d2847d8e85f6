/** Proves that a run which was cut off anywhere goes on to the report of one that was not, and runs nothing twice that it knows of. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journal, type JournalHead, writerOf } from '../../../../harness/campaign/journal/journal.js'
import { keepIn } from '../../../../harness/campaign/journal/keep.js'
import type { Executor, OpenExecutor } from '../../../../harness/contracts/executor.js'
import { stream } from '../../../../harness/contracts/stream.js'
import { json } from '../../../../reports/index.js'
import { makeExecutor, type Nature, reportOf } from '../../../support/campaign/shards.js'

const nature: Nature = {
  salt: 7,
  violating: 0.1,
  inconclusive: 0.05,
  vacuous: 0.1,
  failing: 0.1,
  landing: 0.9,
  leaking: 0.1,
  killed: 0.02,
}
const head: JournalHead = {
  writtenBy: '1.2.3',
  options: 'trials: 60',
  code: () => ({ 'a.ts': '1', 'b.ts': '2' }),
  remembered: [],
}
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let ran = 0
const counting = (executor: Executor): OpenExecutor => ({
  facts: executor.facts,
  run: (specs, options) => {
    ran += specs.length
    return executor.run(specs, options)
  },
  close: () => {},
})

/** The report of a run of two scenarios, as JSON, and how many trials it took; with a journal, if there is one. */
async function run(journal?: Journal): Promise<{ readonly text: string; readonly trials: number }> {
  ran = 0
  const opened = await Promise.all(
    ['one', 'two'].map(async (name) => {
      const executor = counting(makeExecutor(name, { ...nature, salt: name.length }))
      if (!journal) return executor
      const executors = keepIn(journal, { open: async () => executor, close: () => {} })
      return executors.open({ package: null, file: name, digest: '' }, () => 1)
    }),
  )
  const report = await reportOf({
    seed: 1,
    trialsMax: 60,
    random: 10,
    measureTrials: 80,
    sweep: [0.2],
    executors: () => opened,
  })
  return { text: json(report), trials: ran }
}

const path = join(folder, 'journal.jsonl')
let whole: Buffer
let undisturbed: Awaited<ReturnType<typeof run>>

beforeAll(async () => {
  undisturbed = await run()
  const journal = Journal.begin(path, head)
  expect(await run(journal)).toEqual(undisturbed)
  journal.close()
  whole = readFileSync(path)
})

async function goOnFrom(bytes: Buffer) {
  writeFileSync(path, bytes)
  const journal = Journal.resume(path, head)
  const known = journal.trials
  const { text, trials } = await run(journal)
  journal.end()
  return { known, text, trials }
}

describe('a run that was cut off', () => {
  it('comes to the same report from any byte of its journal on, and runs what it knows of no second time', async () => {
    const draw = stream(1, 'cuts')
    const headBytes = whole.indexOf('\n') + 1
    for (let cut = 0; cut < 40; cut++) {
      const bytes = headBytes + Math.floor(draw() * (whole.length - headBytes + 1))
      const { known, text, trials } = await goOnFrom(whole.subarray(0, bytes))
      expect(text, `cut at byte ${bytes}`).toBe(undisturbed.text)
      expect(known + trials).toBe(undisturbed.trials)
    }
  })

  it('runs nothing at all where all was done', async () => {
    const { known, trials, text } = await goOnFrom(whole)
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
    const first = await run(journal)
    journal.close()
    expect(first.text).toBe(undisturbed.text)
    const again = await goOnFrom(readFileSync(path))
    expect(again).toEqual({ known: undisturbed.trials, trials: 0, text: undisturbed.text })
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

  it('says who writes it, and is for its owner alone', () => {
    rmSync(path)
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
