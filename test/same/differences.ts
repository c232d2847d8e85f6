/**
 * In what two result files differ, traces aside: what was concluded, which violations were found, by which minimal plans,
 * after how many trials. For changes that are to keep the behaviour: the same command before and after must find the same.
 */

/** A report of a run or of a selftest, as it stands in its file. */
export interface Results {
  readonly format: string
  readonly [field: string]: unknown
}

export interface Difference {
  /** The path to it: `scenarios.refund.violations.effects-exactly-once`. */
  readonly where: string
  readonly before: string
  readonly after: string
}

/** A difference that is meant, and why. `where` is the beginning of a path. */
export interface Allowance {
  readonly where: string
  readonly because: string
}

/** Every difference between what the two say, in the order of the first. `aside` names the fields that are left out. */
export function differencesBetween(before: Results, after: Results, aside = asides): Difference[] {
  if (before.format !== after.format) return [{ where: 'format', before: before.format, after: after.format }]
  return between('', conclude(before, aside), conclude(after, aside))
}

/** May differ from run to run, and nothing else in a report may. */
export const ofOneRun: ReadonlySet<string> = new Set(['environment', 'timing'])

/** Those that nobody allowed, and the allowances that allow nothing. */
export function judge(differences: readonly Difference[], allowances: readonly Allowance[]) {
  const allows = ({ where }: Allowance, at: string) => at === where || at.startsWith(`${where}.`)
  return {
    unexplained: differences.filter(({ where }) => !allowances.some((each) => allows(each, where))),
    idle: allowances.filter((each) => !differences.some(({ where }) => allows(each, where))),
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Left out: what belongs to one run or to the bytes of its traces, and what is told in words alone. */
const asides: ReadonlySet<string> = new Set([
  'environment',
  'timing',
  'events',
  'baselineEvents',
  'evidence',
  'digest',
  'signature',
  'story',
  'because',
  'notes',
  'part',
])

/** Rows of a list are known by what names them, so that one more or less is told as that and not as a shift of all. */
function nameOf(row: unknown, index: number): string {
  const { name, invariant, site, fault } = (row ?? {}) as Fields
  if (name !== undefined || invariant !== undefined) return String(name ?? invariant)
  return site === undefined ? String(index) : `${site} ${fault}`
}

function conclude(value: unknown, aside: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    const named = new Map<string, unknown>()
    value.forEach((row, index) => {
      const name = nameOf(row, index)
      named.set(named.has(name) ? `${name} (${index})` : name, conclude(row, aside))
    })
    return Object.fromEntries(named)
  }
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([field]) => !aside.has(field))
  return Object.fromEntries(kept.map(([field, inner]) => [field, conclude(inner, aside)]))
}

function between(where: string, before: unknown, after: unknown): Difference[] {
  if (!isFields(before) || !isFields(after)) {
    const [left, right] = [textOf(before), textOf(after)]
    return left === right ? [] : [{ where, before: left, after: right }]
  }
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return fields.flatMap((field) => between(where === '' ? field : `${where}.${field}`, before[field], after[field]))
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
