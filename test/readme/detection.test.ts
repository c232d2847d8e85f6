/** The detection table of the README is what the canaries really show, and they show what the harness promises. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../cli/command.js'
import { type Detection, detect, mistakeIn, tableIn, tableOf, withTable } from './detection.js'
import { readme } from './readme.js'

const trialsMax = 500
const faultsMax = 2

let detections: readonly Detection[]

beforeAll(async () => {
  detections = await detect()
})

/** The canaries for which something does not hold, by name. */
function but(holds: (detection: Detection) => boolean): string[] {
  return detections.filter((detection) => !holds(detection)).map(({ canary }) => canary)
}

describe('the canaries', () => {
  it('are all run, each under the name of its file', () => {
    const files = readdirSync(join(root, 'scenarios/canaries')).filter((file) => file.endsWith('.chaos.ts'))
    expect(detections.map(({ canary }) => `${canary}.chaos.ts`)).toEqual(files.sort())
    expect(files.length).toBeGreaterThanOrEqual(20)
  })

  it('are all caught by the invariant that they name', () => {
    expect(but(({ plan }) => plan !== undefined)).toEqual([])
  })

  it(`are found within ${trialsMax} trials`, () => {
    expect(but(({ trials = Number.POSITIVE_INFINITY }) => trials <= trialsMax)).toEqual([])
  })

  it(`are shown by a plan of at most ${faultsMax} faults, and not by none`, () => {
    expect(but(({ faults = 0 }) => faults >= 1 && faults <= faultsMax)).toEqual([])
  })

  it('make one mistake each that no other makes', () => {
    expect(new Set(detections.map(({ mistake }) => mistake)).size).toBe(detections.length)
  })
})

describe('the detection table', () => {
  it('stands in the README as it comes out', () => {
    const message = 'the README has another detection table: run `npm run detection -- --write`'
    expect(tableIn(readme), message).toBe(tableOf(detections))
  })

  it('is put between its markers, and nothing else is touched', () => {
    const before = 'a\n<!-- detection -->\nold\n<!-- /detection -->\nb\n'
    const after = withTable(before, '| new |')
    expect(after).toBe('a\n<!-- detection -->\n| new |\n<!-- /detection -->\nb\n')
    expect([tableIn(before), tableIn(after)]).toEqual(['old', '| new |'])
  })

  it('is refused a README without markers', () => {
    expect(tableIn('a\n<!-- detection -->\n')).toBeUndefined()
    expect(() => withTable('a\n', '| new |')).toThrow('<!-- /detection -->')
  })

  it('says that a canary was not caught', () => {
    const missed = { canary: 'c', mistake: 'm', invariant: 'i', trials: undefined, faults: undefined, plan: undefined }
    expect(tableOf([missed]).split('\n').at(-1)).toBe('| c | m | i | not caught |  |  |')
  })

  it('takes the mistake from a comment of several lines', () => {
    const comment = '/**\n * Wrong on purpose: a key\n * for nothing.\n */\nimport'
    expect(mistakeIn(comment)).toBe('a key for nothing')
    expect(() => mistakeIn('/** A scenario. */')).toThrow('Wrong on purpose')
  })
})
