/**
 * A fault profile learnt from what was observed: how many calls a dependency was asked for, and how many of them failed in
 * which way. Apart from the contract of a profile because it reads files, and people's files are what they are.
 */

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeSite } from '../../faults/plan/notation.js'
import { isRecord } from '../contracts/checks.js'
import { UserError } from '../contracts/errors.js'
import type { ProfileOptions, SiteProfileOptions } from '../contracts/profile-options.js'

/** By site, or by pattern over sites: the calls that were made, and of these how many met which fault. */
export type ObservedRates = Readonly<Record<string, Readonly<Record<string, number>> & { readonly calls: number }>>

/**
 * The profile of what was observed: each site is struck as often as it was, by the faults that it met, in their proportion.
 * Sites that were not observed are well.
 *
 * Takes the counts themselves, `{ "model:*": { "calls": 10000, "model/overloaded": 132 } }`, or a JSON file of them. A CSV
 * file has the columns `site`, `calls`, `fault` and `count`. Throws a `UserError` that says what is wrong where.
 */
export function profileFrom(source: string | URL | ObservedRates): ProfileOptions {
  const isFile = typeof source === 'string' || source instanceof URL
  const where = isFile ? pathOf(source) : 'the observed rates'
  const rates = isFile ? read(source, where) : source
  if (!isRecord(rates)) throw new UserError('expected an object of sites', where)
  const sites = Object.entries(rates).map(([site, counts]) => [site, siteProfileFrom(site, counts, where)] as const)
  if (sites.length === 0) throw new UserError('no site was observed', where)
  return { name: isFile ? basename(where) : 'observed', faultRate: 0, sites: Object.fromEntries(sites) }
}

function pathOf(source: string | URL): string {
  return source instanceof URL && source.protocol === 'file:' ? fileURLToPath(source) : String(source)
}

function siteProfileFrom(site: string, counts: unknown, where: string): SiteProfileOptions {
  const decoded = decodeSite(site)
  if (decoded.kind === 'refused') throw new UserError(`the site "${site}": ${decoded.error.message}`, where)
  if (!isRecord(counts)) throw new UserError(`"${site}": expected { calls, FAULT: count, ... }`, where)
  const { calls, ...faults } = counts
  if (!isCount(calls) || calls === 0) {
    throw new UserError(`"${site}": expected calls to be a whole number from 1, got ${say(calls)}`, where)
  }
  for (const [fault, count] of Object.entries(faults)) {
    if (isCount(count)) continue
    const rule = `expected the count of ${fault} to be a whole number from 0`
    throw new UserError(`"${site}": ${rule}, got ${say(count)}`, where)
  }
  const weights = faults as Record<string, number>
  const struck = Object.values(weights).reduce((sum, count) => sum + count, 0)
  if (struck > calls) throw new UserError(`"${site}": ${struck} faults in ${calls} calls are more than one each`, where)
  return { faultRate: struck / calls, weights }
}

function read(source: string | URL, where: string): unknown {
  const text = textOf(source, where)
  if (/\.csv$/i.test(where)) return fromCsv(text, where)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`is no JSON: ${(error as Error).message}`, where)
  }
}

function textOf(source: string | URL, where: string): string {
  try {
    return readFileSync(source, 'utf8')
  } catch (error) {
    throw new UserError(`cannot be read (${(error as NodeJS.ErrnoException).code})`, where)
  }
}

const columns = ['site', 'calls', 'fault', 'count'] as const

function fromCsv(text: string, where: string): Record<string, Record<string, number>> {
  const [header = [], ...rows] = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ line, at: `${where}:${index + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => cellsOf(line, at))
  const places = columns.map((column) => header.map((cell) => cell.toLowerCase()).indexOf(column))
  if (places.includes(-1)) throw new UserError(`expected the columns ${columns.join(', ')}`, where)
  const rates: Record<string, Record<string, number>> = {}
  for (const row of rows) {
    const [site = '', calls = '', fault = '', count = ''] = places.map((place) => row[place] ?? '')
    const known = rates[site] ?? { calls: numberOf(calls) }
    if (!Object.is(known.calls, numberOf(calls)))
      throw new UserError(`"${site}" has two different numbers of calls`, where)
    rates[site] = fault === '' ? known : { ...known, [fault]: (known[fault] ?? 0) + numberOf(count) }
  }
  return rates
}

/** The cells of a line; one in quotes may hold commas, and a quote is doubled within it (RFC 4180). */
function cellsOf(line: string, at: string): string[] {
  const cells = [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^",]*))/g)]
  if (cells.map(([whole]) => whole).join('') !== line) throw new UserError('has a quote where none can be', at)
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '')
}

/** What is no number is reported as what it is, where the counts are looked at. */
function numberOf(text: string): number {
  return text === '' ? Number.NaN : Number(text)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function say(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined')
}
