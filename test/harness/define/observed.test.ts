/** Proves that a profile is learnt from what was observed, from data and from files, and that a slip is reported with its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { profileFrom, UserError } from 'agent-chaos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { profileOf, siteProfileAt } from '../../../harness/contracts/profile.js'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-observed-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const rates = {
  'model:*': { calls: 10_000, 'model/overloaded': 132, 'model/rate-limited': 68 },
  'http:"POST pay.example.com/v1/payouts"': { calls: 500, 'http/reply-lost': 5 },
}

const learnt = {
  faultRate: 0,
  sites: {
    'model:*': { faultRate: 0.02, weights: { 'model/overloaded': 132, 'model/rate-limited': 68 } },
    'http:"POST pay.example.com/v1/payouts"': { faultRate: 0.01, weights: { 'http/reply-lost': 5 } },
  },
}

describe('a profile that is learnt', () => {
  it('strikes each site as often as was observed, by the faults that were, and leaves all others well', () => {
    expect(profileFrom(rates)).toEqual({ name: 'observed', ...learnt })
    const profile = profileOf({ profile: profileFrom(rates) })
    expect(siteProfileAt(profile, { boundary: 'model', target: 'claude' }).faultRate).toBe(0.02)
    expect(siteProfileAt(profile, { boundary: 'tool', target: 'refund' }).faultRate).toBe(0)
  })

  it('comes from a JSON file by its path or URL, and is called by its name', () => {
    const path = file('october.json', JSON.stringify(rates))
    expect(profileFrom(path)).toEqual({ name: 'october.json', ...learnt })
    expect(profileFrom(pathToFileURL(path))).toEqual({ name: 'october.json', ...learnt })
  })

  it('comes from a CSV file, with quotes where names hold commas or quotes, in whatever order its columns stand', () => {
    const path = file(
      'october.csv',
      '\ufeffcount,fault,site,calls\r\n' +
        '132,model/overloaded,model:*,10000\r\n' +
        '68, model/rate-limited ,model:*,10000\r\n' +
        '5,http/reply-lost,"http:""POST pay.example.com/v1/payouts""",500\r\n\r\n',
    )
    expect(profileFrom(path)).toEqual({ name: 'october.csv', ...learnt })
  })

  it('may have observed a site at which nothing failed', () => {
    const path = file('calm.csv', 'site,calls,fault,count\ntool:search,900,,\n')
    expect(profileFrom(path).sites).toEqual({ 'tool:search': { faultRate: 0, weights: {} } })
  })

  it('is checked against the faults that there are where a scenario takes it', () => {
    const profile = profileFrom({ 'model:*': { calls: 10, 'model/overlaoded': 1 } })
    expect(() => profileOf({ profile })).not.toThrow()
  })
})

describe('what cannot be learnt from', () => {
  const refusal = (source: Parameters<typeof profileFrom>[0]): string => {
    try {
      profileFrom(source)
    } catch (error) {
      if (error instanceof UserError) return `${error.where?.replace(`${folder}/`, '')}: ${error.message}`
    }
    throw new Error('nothing was refused')
  }

  it.each([
    [{}, 'the observed rates: no site was observed'],
    [[], 'the observed rates: expected an object of sites'],
    [{ 'modl:*': { calls: 1 } }, 'the observed rates: the site "modl:*": expected a site that begins with model'],
    [{ 'model:*': 7 }, 'the observed rates: "model:*": expected { calls, FAULT: count, ... }'],
    [{ 'model:*': {} }, '"model:*": expected calls to be a whole number from 1, got undefined'],
    [{ 'model:*': { calls: 0 } }, 'expected calls to be a whole number from 1, got 0'],
    [
      { 'model:*': { calls: 9, 'model/timeout': 0.5 } },
      'expected the count of model/timeout to be a whole number from 0',
    ],
    [{ 'model:*': { calls: 9, a: 6, b: 4 } }, '"model:*": 10 faults in 9 calls are more than one each'],
  ])('%j is refused', (data, message) => {
    expect(refusal(data as never)).toContain(message)
  })

  it('is refused with the path of its file where it is given by URL', () => {
    expect(refusal(pathToFileURL(join(folder, 'nowhere.json')))).toBe('nowhere.json: cannot be read (ENOENT)')
  })

  it.each([
    ['none.json', undefined, 'none.json: cannot be read (ENOENT)'],
    ['broken.json', '{', 'broken.json: is no JSON:'],
    ['columns.csv', 'site,calls\n', 'columns.csv: expected the columns site, calls, fault, count'],
    ['empty.csv', '', 'empty.csv: expected the columns site, calls, fault, count'],
    ['quote.csv', 'site,calls,fault,count\n"tool:a"b,1,,\n', 'quote.csv:2: has a quote where none can be'],
    ['calls.csv', 'site,calls,fault,count\ntool:a,x,tool/slow,1\n', '"tool:a": expected calls to be a whole number'],
    [
      'two.csv',
      'site,calls,fault,count\ntool:a,9,tool/slow,1\ntool:a,8,tool/hang,1\n',
      '"tool:a" has two different numbers of calls',
    ],
  ])('%s is refused', (name, text, message) => {
    const path = text === undefined ? join(folder, name) : file(name, text)
    expect(refusal(path)).toContain(message)
  })
})
