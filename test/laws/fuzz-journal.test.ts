/**
 * Whatever becomes of a journal, by hand or by a disk, it is refused, or all that it gives out was written there. So no trial is taken for
 * run that was not. A seeded share is tried here; `FUZZ=100000` tries as many, as is done by night.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Journal, writerOf } from '../../harness/campaign/journal/journal.js'
import { isUserError } from '../../harness/contracts/errors.js'
import { goOnFrom, head, journalOf, type Ran, runTwo } from '../support/campaign/journalled.js'
import { alteredBytes, alteredLines, fuzzing, mutate, nearbyJson, writeJson } from '../support/laws/odd.js'

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-journals-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'journal.jsonl')
const bounds = { seed: 3, trialsMax: 2, random: 0, measureTrials: 2 }
let whole: Buffer
let lines: readonly string[]
let undisturbed: Ran
/** Each trial that was written, in that order, with its record as JSON. */
let written: readonly (readonly [file: string, key: string, record: string])[]
beforeAll(async () => {
  undisturbed = await runTwo(bounds)
  whole = await journalOf(path, bounds)
  lines = whole.toString().split('\n').slice(0, -1)
  written = lines.flatMap((line) => {
    const { file, key, record } = JSON.parse(line) as { file: string; key?: string; record?: unknown }
    return key === undefined ? [] : [[file, key, JSON.stringify(record)] as const]
  })
})

const textOf = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''))

/** What is refused is refused as the user's to repair. */
function resume(): Journal | undefined {
  try {
    return Journal.resume(path, head)
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).toMatch(/^--resume: ./)
    return undefined
  }
}

/** How many trials it knows; `undefined` where it is refused. */
function know(bytes: Uint8Array): number | undefined {
  writeFileSync(path, bytes)
  writerOf(path)
  const journal = resume()
  if (!journal) return undefined
  const given = written.map(([file, key]) => journal.recordOf(file, key))
  // What was written first, and nothing behind what was altered.
  const known = given.filter((record) => record !== undefined).length
  expect(given.map((record) => record && JSON.stringify(record))).toEqual(
    written.map(([, , record], index) => (index < known ? record : undefined)),
  )
  expect(journal.trials).toBe(known)
  journal.learn(['sk-behind'])
  journal.close()
  const again = resume()
  expect([again?.trials, again?.secrets, again?.damagedLine]).toEqual([known, ['sk-behind'], undefined])
  again?.close()
  return known
}

/** Were none refused, or none known in part, nothing would be shown of those that are. */
function tryAll<T>(arbitrary: fc.Arbitrary<T>, bytesOf: (value: T) => Uint8Array): void {
  const came = { refused: 0, inPart: 0 }
  fc.assert(
    fc.property(arbitrary, (value) => {
      const known = know(bytesOf(value))
      if (known === undefined) came.refused++
      else if (known < written.length) came.inPart++
    }),
    fuzzing(300),
  )
  expect(came.refused).toBeGreaterThan(0)
  expect(came.inPart).toBeGreaterThan(0)
}

describe('a journal', () => {
  it('as it is, holds all trials: what is tried below is altered, and nothing else', () => {
    expect(know(whole)).toBe(undisturbed.trials)
    expect(written).toHaveLength(undisturbed.trials)
    expect(undisturbed.trials).toBeGreaterThan(8)
    expect(lines.length).toBeGreaterThan(4)
  })

  it('of which any byte is another gives out what was written, or is refused', () =>
    tryAll(alteredBytes, (alter) => alter(whole)))

  it('of which lines are swapped, repeated, left out or put in gives out what was written, or is refused', () =>
    tryAll(alteredLines, (alter) => textOf(alter(lines))))

  it('in which anything is anything else gives out what was written, or is refused', () =>
    tryAll(fc.tuple(fc.nat(), fc.array(fc.nat(200), { maxLength: 12 }), nearbyJson), ([which, place, value]) => {
      const at = which % lines.length
      return textOf(lines.with(at, writeJson(mutate(JSON.parse(lines[at] ?? ''), place, value))))
    }))

  it('of what is none is refused', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(know(Buffer.from(text))).toBeUndefined()
        expect(know(Buffer.from(`${text}\n`))).toBeUndefined()
      }),
      fuzzing(100),
    ))

  it('that was altered anywhere leads to the report of a run that nobody cut off', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async (where) => {
        // Behind the head and the process that wrote it.
        const at = 2 + (where % (lines.length - 2))
        const went = await goOnFrom(path, textOf(lines.with(at, `${lines[at]} `)), bounds)
        expect([went.damagedLine, went.text]).toEqual([at + 1, undisturbed.text])
        expect(went.known + went.trials).toBe(undisturbed.trials)
      }),
      { seed: 22, numRuns: 10 },
    ))
})
