/**
 * Milder forms of one injection, as data and without running anything, so that the search and fast-check weaken alike.
 * Each form changes one thing and is strictly smaller in a well-founded order, so that repeated weakening ends.
 */
import type { FaultDescription } from '../fault.js'
import { accepts, type GivenParams, milderValues, type Params } from '../params/param.js'
import type { FaultUse, Injection, When } from './plan.js'

type Sites = Injection['sites']
type Uses = Injection['faults']

/** Lengths that a reader knows at a glance, tried before an odd half. */
const roundMs = [1000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000] as const
/** How many occurrences an endless span is cut to: enough to find where a retry or a breaker gives way. */
const spanLengths = [1, 2, 4, 8] as const

/**
 * Every form of `injection` that is one step milder, the mildest first: shorter, then fewer faults, then fewer sites,
 * then plainer parameters. Each is as possible as `injection` itself. Empty where nothing milder is left.
 */
export function milderPlans(injection: Injection, faults: readonly FaultDescription[]): Injection[] {
  const known = new Map(faults.map((fault) => [fault.name, fault]))
  return [
    ...milderWhens(injection.when).map((when) => ({ ...injection, when })),
    ...shorter(injection.faults).map((uses) => ({ ...injection, faults: uses })),
    ...shorter(injection.sites)
      .filter((sites) => injection.faults.every(({ fault }) => strikes(known.get(fault), sites)))
      .map((sites) => ({ ...injection, sites })),
    ...milderUses(injection.faults, known).map((uses) => ({ ...injection, faults: uses })),
  ]
}

function milderWhens(when: When): When[] {
  switch (when.kind) {
    case 'span':
      return milderSpans(when)
    case 'onward':
      return [once(when.from), ...everyAttempt(when.from), { kind: 'outage', from: when.from, ms: 30_000 }]
    case 'outage':
      return [once(when.from), ...shorterMs(when.ms).map((ms) => ({ ...when, ms }))]
    case 'series':
      return [once(when.from), ...milderSeries(when)]
    case 'window':
      return milderWindows(when)
  }
}

function once(from: number): When {
  return { kind: 'span', from, to: from, attempt: 1 }
}

/** Fewer crossings; what never ends is made to end. */
function milderSeries(series: Extract<When, { kind: 'series' }>): When[] {
  const { count } = series
  const counts = count === null ? spanLengths : [...spanLengths, Math.floor(count / 2), count - 1]
  const fewer = unique([...counts].sort((a, b) => a - b)).filter((one) => one > 1 && (count === null || one < count))
  return fewer.map((one) => ({ ...series, count: one }))
}

function everyAttempt(from: number): When[] {
  return spanLengths
    .map((length) => from + length - 1)
    .filter(Number.isSafeInteger)
    .map((to) => ({ kind: 'span', from, to, attempt: 'every' }))
}

/** Fewer occurrences, from either end, and the first attempt in place of every one. */
function milderSpans(span: Extract<When, { kind: 'span' }>): When[] {
  const { from, to, attempt } = span
  const middle = from + Math.floor((to - from) / 2)
  const ends = unique([from, middle, to - 1]).filter((end) => end >= from && end < to)
  const starts = unique([to, middle + 1, from + 1]).filter((start) => start > from && start <= to)
  return [
    ...(attempt === 'every' ? [{ ...span, attempt: 1 }] : []),
    ...ends.map((end) => ({ ...span, to: end })),
    ...starts.map((start) => ({ ...span, from: start })),
  ]
}

/** Ends sooner or, where it ends, begins later. */
function milderWindows(window: Extract<When, { kind: 'window' }>): When[] {
  const { fromMs, toMs } = window
  const lengths = toMs === null ? roundMs : shorterMs(toMs - fromMs)
  const sooner = lengths.map((ms) => ({ ...window, toMs: fromMs + ms })).filter((it) => Number.isSafeInteger(it.toMs))
  if (toMs === null || toMs - fromMs < 2) return sooner
  return [...sooner, { ...window, fromMs: fromMs + Math.floor((toMs - fromMs) / 2) }]
}

/** Above zero and below `ms`, ascending. */
function shorterMs(ms: number): number[] {
  return unique([...roundMs, Math.floor(ms / 2)].sort((a, b) => a - b)).filter((length) => length > 0 && length < ms)
}

/** Each item alone, then all but one. */
function shorter<T>(items: readonly [T, ...T[]]): [T, ...T[]][] {
  if (items.length < 2) return []
  const alone = items.map((item): [T] => [item])
  if (items.length === 2) return alone
  return [...alone, ...items.map((_, index) => items.filter((_, other) => other !== index) as [T, ...T[]])]
}

function strikes(fault: FaultDescription | undefined, sites: Sites): boolean {
  return fault === undefined || sites.some(({ boundary }) => fault.boundaries.includes(boundary))
}

function milderUses(uses: Uses, known: ReadonlyMap<string, FaultDescription>): Uses[] {
  return uses.flatMap((use, index) =>
    plainerParams(use.params, known.get(use.fault)?.params ?? {}).map(
      (params) => uses.with(index, { ...use, params }) as [FaultUse, ...FaultUse[]],
    ),
  )
}

/** A parameter left out is the plainest form of it, since its default needs no reading; then come its milder values. */
function plainerParams(given: GivenParams, params: Params): GivenParams[] {
  const entries = Object.entries(given)
  const omitted = entries.map(([name]) => Object.fromEntries(entries.filter(([other]) => other !== name)))
  const milder = entries.flatMap(([name, value]) => {
    const param = Object.hasOwn(params, name) ? params[name] : undefined
    if (param === undefined || !accepts(param, value)) return []
    return milderValues(param, value).map((plainer) =>
      Object.fromEntries(entries.map(([other, old]) => [other, other === name ? plainer : old])),
    )
  })
  return [...omitted, ...milder]
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)]
}
