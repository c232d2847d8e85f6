/**
 * The grammar of a plan's text, one function per rule. It knows the faults, so that what is read is known to be possible;
 * `notation.ts` is the edge that turns its refusals into values.
 */

import { type Boundary, boundaries } from '../boundaries.js'
import type { FaultDescription } from '../fault.js'
import type { Json } from '../json.js'
import { readCount, readDuration, readFields, readJson, readWord } from '../params/literal.js'
import { accepts, expectation, type GivenParams, type Param } from '../params/param.js'
import { mayMeet, type Site, type SiteSelector } from '../site.js'
import type { FaultUse, Injection, Plan, When } from './plan.js'
import { clip, encodeSite, quote, visible } from './quote.js'
import { Scanner } from './scanner.js'

type Sites = Injection['sites']

/** What a plan can name. Without `sites`, any. */
interface Known {
  readonly faults: readonly FaultDescription[]
  readonly sites: readonly Site[] | undefined
}

/** How many sites a message names. */
const sitesNamedMax = 8

/**
 * plan      := injection ((';' | line break)+ injection)*
 * Throws a `NotationRefusal` at the first thing that cannot be.
 */
export function parsePlan(text: string, faults: readonly FaultDescription[], sites?: readonly Site[]): Plan {
  const scanner = new Scanner(text)
  const plan: Injection[] = []
  for (;;) {
    while (scanner.takeSeparator()) {}
    if (scanner.atEnd()) return plan
    const start = scanner.here()
    plan.push(injection(scanner, { faults, sites }))
    if (!scanner.atEnd() && !scanner.takeSeparator()) {
      throw scanner.refusal(`"," and a further fault, ";" or a line break after ${source(scanner, start)}`)
    }
  }
}

/** injection := (selector occurrences | (selector | group) window) '=' fault (',' fault)* */
function injection(scanner: Scanner, known: Known): Injection {
  const start = scanner.here()
  const sites: Sites = scanner.peek('{') ? group(scanner, known) : [parseKnownSelector(scanner, known)]
  const when = scanner.peek('@') ? window(scanner) : occurrences(scanner, start)
  if (!scanner.take('=')) throw scanner.refusal(`"=" and a fault after ${source(scanner, start)}`)
  const uses: [FaultUse, ...FaultUse[]] = [faultUse(scanner, known.faults, sites)]
  while (scanner.take(',')) uses.push(faultUse(scanner, known.faults, sites))
  return { sites, when, faults: uses }
}

/** group     := '{' selector (',' selector)* '}', and a window after it */
function group(scanner: Scanner, known: Known): Sites {
  const start = scanner.here()
  const [first, ...rest] = scanner.list('{', '}', () => parseKnownSelector(scanner, known))
  if (first === undefined) throw scanner.refusal('at least one site in the group', { at: start, got: '{}' })
  if (!scanner.peek('@')) {
    throw scanner.refusal(
      `"@" and a window of time after ${source(scanner, start)}, as sites in a group are not counted`,
    )
  }
  return [first, ...rest]
}

/** A site, or a pattern over sites, and nothing after it. Throws a `NotationRefusal`. */
export function parseSite(text: string): Site {
  const scanner = new Scanner(text)
  const { boundary, target, where } = selector(scanner)
  if (where !== undefined || !scanner.atEnd()) throw scanner.refusal('a site without arguments or occurrences')
  return { boundary, target }
}

function parseKnownSelector(scanner: Scanner, { sites }: Known): SiteSelector {
  const at = scanner.here()
  const read = selector(scanner)
  if (sites === undefined || sites.some((site) => mayMeet(read, site))) return read
  const candidates = [...new Set(sites.map(encodeSite))]
  const named = candidates.slice(0, sitesNamedMax)
  const more = candidates.length > named.length ? ` and ${candidates.length - named.length} more` : ''
  const got = encodeSite(read)
  throw scanner.refusal(`a site that the scenario has (${named.join(', ')}${more})`, {
    at,
    got,
    shown: got,
    candidates,
  })
}

/** selector  := boundary ':' target ['{' name '=' json (',' name '=' json)* '}'] */
function selector(scanner: Scanner): SiteSelector {
  const boundary = boundaryName(scanner)
  if (!scanner.take(':')) throw scanner.refusal(`":" and a target after ${quote(boundary)}`)
  const target = readWord(
    scanner,
    'target',
    `a target after "${boundary}:" (letters, digits, . _ - / *; others in quotes)`,
  )
  if (!scanner.peek('{')) return { boundary, target }
  const name = () => readWord(scanner, 'name', 'the name of an argument')
  return { boundary, target, where: readFields(scanner, ['{', '=', '}'], name, () => readJson(scanner)) }
}

function boundaryName(scanner: Scanner): Boundary {
  const at = scanner.here()
  const rule = `a site that begins with ${oneOf(boundaries)}`
  const word = scanner.match(/[\p{L}\p{Nd}_-]+/uy)
  if (word === undefined) throw scanner.refusal(rule, { candidates: boundaries })
  const boundary = boundaries.find((candidate) => candidate === word)
  if (boundary === undefined) throw scanner.refusal(rule, { at, got: word, candidates: boundaries })
  return boundary
}

/** occurrences := '#' n [ '+' duration | 'x' k ['/' e] | '..' ['/' e | m [attempts]] | attempts ] */
function occurrences(scanner: Scanner, start: number): When {
  if (!scanner.take('#')) {
    throw scanner.refusal(
      `"#" and an occurrence, or "@" and a window, after ${source(scanner, start)} (names with other characters are quoted)`,
    )
  }
  const from = readCount(scanner, 'an occurrence from 1 after "#"')
  if (scanner.take('+')) return { kind: 'outage', from, ms: outageMs(scanner) }
  if (scanner.take('x'))
    return { kind: 'series', from, count: several(scanner, 'x', 'crossings'), every: share(scanner) ?? 1 }
  if (!scanner.take('..')) return { kind: 'span', from, to: from, attempt: attempts(scanner) }
  const at = scanner.here()
  const every = share(scanner)
  if (every !== undefined) return { kind: 'series', from, count: null, every }
  if (scanner.look(/\d/y) === undefined) return { kind: 'onward', from }
  const to = readCount(scanner, 'the last occurrence after ".."')
  if (to < from) throw scanner.refusal(`a last occurrence from ${from}`, { at, got: scanner.since(at) })
  return { kind: 'span', from, to, attempt: attempts(scanner) }
}

/** attempts  := ['.' (k | '*')] */
function attempts(scanner: Scanner): number | 'every' {
  if (!scanner.take('.')) return 1
  return scanner.take('*') ? 'every' : readCount(scanner, 'an attempt from 1 or "*" after "."')
}

/** Every how many crossings: ['/' e] */
function share(scanner: Scanner): number | undefined {
  return scanner.take('/') ? several(scanner, '/', 'crossings') : undefined
}

function several(scanner: Scanner, sign: string, what: string): number {
  const at = scanner.here()
  const rule = `a number of ${what} from 2 after "${sign}"`
  const count = readCount(scanner, rule)
  if (count < 2) throw scanner.refusal(rule, { at, got: scanner.since(at) })
  return count
}

function outageMs(scanner: Scanner): number {
  const at = scanner.here()
  const ms = readDuration(scanner, 'a duration such as 30s after "+"')
  if (ms === 0) throw scanner.refusal('a duration above zero after "+"', { at, got: scanner.since(at) })
  return ms
}

/** window    := '@' duration '..' [duration] */
function window(scanner: Scanner): When {
  scanner.take('@')
  const fromMs = readDuration(scanner, 'a time such as 10s after "@"')
  if (!scanner.take('..')) throw scanner.refusal('".." after the start of the window')
  const at = scanner.here()
  if (scanner.look(/\d/y) === undefined) return { kind: 'window', fromMs, toMs: null }
  const toMs = readDuration(scanner, 'the end of the window after ".."')
  if (toMs <= fromMs) throw scanner.refusal('an end after the start of the window', { at, got: scanner.since(at) })
  return { kind: 'window', fromMs, toMs }
}

/** fault     := name ['(' name ':' json (',' name ':' json)* ')'] */
function faultUse(scanner: Scanner, faults: readonly FaultDescription[], sites: Sites): FaultUse {
  const at = scanner.here()
  const name = readWord(scanner, 'fault', 'the name of a fault')
  const came = { at, got: name }
  const fault = faults.find((candidate) => candidate.name === name)
  if (fault === undefined) {
    const candidates = faults.map((candidate) => candidate.name)
    throw scanner.refusal('the name of a fault in `faults`', { ...came, candidates })
  }
  const struck = [...new Set(sites.map(({ boundary }) => boundary))]
  if (!fits(fault, struck)) {
    throw scanner.refusal(`a fault that can strike ${oneOf(struck)}`, {
      ...came,
      shown: `${quote(name)}, which strikes only ${oneOf(fault.boundaries)}`,
      candidates: faults.filter((candidate) => fits(candidate, struck)).map((candidate) => candidate.name),
    })
  }
  return { fault: name, params: scanner.peek('(') ? params(scanner, fault) : {} }
}

function params(scanner: Scanner, fault: FaultDescription): GivenParams {
  const name = () => paramName(scanner, fault)
  return readFields(scanner, ['(', ':', ')'], name, (key) => paramValue(scanner, key, fault.params[key]))
}

function paramName(scanner: Scanner, fault: FaultDescription): string {
  const at = scanner.here()
  const candidates = Object.keys(fault.params)
  const rule =
    candidates.length > 0
      ? `a parameter of ${quote(fault.name)} (${candidates.join(', ')})`
      : `")", as ${quote(fault.name)} has no parameters`
  const name = readWord(scanner, 'name', rule)
  if (!candidates.includes(name)) throw scanner.refusal(rule, { at, got: name, candidates })
  return name
}

function paramValue(scanner: Scanner, name: string, param: Param | undefined): Json {
  const at = scanner.here()
  const value = readJson(scanner)
  if (param !== undefined && !accepts(param, value)) {
    const shown = quote(value)
    throw scanner.refusal(`${expectation(param)} for ${quote(name)}`, { at, got: scanner.since(at), shown })
  }
  return value
}

function fits(fault: FaultDescription, struck: readonly Boundary[]): boolean {
  return fault.boundaries.some((boundary) => struck.includes(boundary))
}

/** What was written from `start` on, on one line and quoted. */
function source(scanner: Scanner, start: number): string {
  return `"${visible(clip(scanner.since(start).replace(/\s+/g, ' ')))}"`
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
