/**
 * Plans by chance, for fast-check: all chance is spent here, before a trial, so that a plan replays and shrinks. It
 * shrinks to fewer injections, then each to its milder forms.
 */
import fc from 'fast-check'
import { type FaultDescription, withoutIdleCompanions } from '../fault.js'
import type { GivenParams, Param, Params } from '../params/param.js'
import type { Address } from '../site.js'
import { encodeAddress } from './notation.js'
import type { Injection, Plan, When } from './plan.js'
import { eligible, type Reachable } from './reachable.js'
import { milderPlans } from './weaken.js'

/** Steps of a share: fine enough to tell the beginning from the end, coarse enough to read. */
const shareSteps = 20
const outagesMs = [1000, 10_000, 30_000, 300_000] as const

/**
 * Plans of one to `injectionsMax` (5) injections, each one fault at a crossing of `reachable` where it is eligible. It
 * strikes mostly once and with default parameters, sometimes at every attempt, for a while, or from then on. Every
 * fault is as likely as another, however many crossings it fits. Companions stand beside other faults where there are
 * any, and only those that one of them is worse with. Throws where no fault is eligible anywhere.
 */
export function planArbitrary(
  reachable: readonly Reachable[],
  faults: readonly FaultDescription[],
  { injectionsMax = 5 }: { readonly injectionsMax?: number } = {},
): fc.Arbitrary<Plan> {
  const placesOf = (fault: FaultDescription) => reachable.filter((place) => eligible(fault, place))
  const fitting = faults.filter((fault) => placesOf(fault).length > 0)
  const drawn = (fitting.every(({ companion }) => companion) ? fitting : withoutIdleCompanions(fitting)).map(
    (fault) => ({
      fault,
      injection: injectionArbitrary(
        fault,
        placesOf(fault).map(({ address }) => address),
      ),
    }),
  )
  if (drawn.length === 0) throw new Error(nothingEligible(reachable, faults))
  const injection = fc.oneof(...drawn.map((one) => one.injection))
  const plans = fc.array(injection, { minLength: 1, maxLength: injectionsMax, size: 'max' })
  const leading = new Set(drawn.filter(({ fault }) => !fault.companion).map(({ fault }) => fault.name))
  const leads = (plan: Plan) => plan.some((it) => it.faults.some((use) => leading.has(use.fault)))
  return new Weakening(leading.size > 0 ? plans.filter(leads) : plans, faults)
}

/** Given parameters: mostly none; a value that equals the default is left out. */
export function paramsArbitrary(params: Params): fc.Arbitrary<GivenParams> {
  const plain: fc.Arbitrary<GivenParams> = fc.constant({})
  if (Object.keys(params).length === 0) return plain
  const values = Object.entries(params).map(([name, param]) =>
    fc
      .oneof({ withCrossShrink: true }, fc.constant(param.default), paramArbitrary(param))
      .map((value) => ({ name, value, param })),
  )
  const some = fc
    .tuple(...values)
    .map((all) => all.filter(({ value, param }) => value !== param.default))
    .map((given): GivenParams => Object.fromEntries(given.map(({ name, value }) => [name, value])))
  return fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: plain }, { weight: 1, arbitrary: some })
}

function paramArbitrary(param: Param): fc.Arbitrary<number | string> {
  switch (param.kind) {
    case 'integer':
      return fc.integer({ min: param.min, max: param.max })
    case 'share':
      return fc.nat(shareSteps).map((step) => (param.mildest === 0 ? step : shareSteps - step) / shareSteps)
    case 'choice':
      return mildestFirst(param.values, param.default)
    case 'text':
      return mildestFirst(param.samples, param.default)
  }
}

/** Shrinks step by step towards the first, where `constantFrom` would try the first alone. */
function mildestFirst(values: readonly string[], byDefault: string): fc.Arbitrary<string> {
  return fc.nat(Math.max(0, values.length - 1)).map((index) => values[index] ?? byDefault)
}

function injectionArbitrary(fault: FaultDescription, places: readonly Address[]): fc.Arbitrary<Injection> {
  return fc
    .tuple(fc.constantFrom(...places).chain(whenAt), paramsArbitrary(fault.params))
    .map(([{ site, when }, params]) => ({ sites: [{ ...site }], when, faults: [{ fault: fault.name, params }] }))
}

function whenAt({ site, occurrence: from, attempt }: Address) {
  const when = fc.oneof(
    { weight: 5, arbitrary: fc.constant<When>({ kind: 'span', from, to: from, attempt }) },
    { weight: 2, arbitrary: fc.constant<When>({ kind: 'span', from, to: from, attempt: 'every' }) },
    { weight: 2, arbitrary: fc.constantFrom(...outagesMs).map((ms): When => ({ kind: 'outage', from, ms })) },
    { weight: 1, arbitrary: fc.constant<When>({ kind: 'onward', from }) },
    { weight: 1, arbitrary: seriesFrom(from) },
  )
  return when.map((when) => ({ site, when }))
}

const countsMost = 6

/** So many crossings in a row and then none, or every other one for ever. */
function seriesFrom(from: number): fc.Arbitrary<When> {
  const counts = fc
    .integer({ min: 2, max: countsMost })
    .map((count): When => ({ kind: 'series', from, count, every: 1 }))
  return fc.oneof(
    { weight: 3, arbitrary: counts },
    { weight: 1, arbitrary: fc.constant<When>({ kind: 'series', from, count: null, every: 2 }) },
  )
}

/** Draws as `source` does and shrinks by omission and weakening, which keep the places and the faults that are left. */
class Weakening extends fc.Arbitrary<Plan> {
  readonly #source: fc.Arbitrary<Plan>
  readonly #faults: readonly FaultDescription[]

  constructor(source: fc.Arbitrary<Plan>, faults: readonly FaultDescription[]) {
    super()
    this.#source = source
    this.#faults = faults
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Plan> {
    return new fc.Value(this.#source.generate(random, biasFactor).value, undefined)
  }

  /** A plan that was read from text shrinks too, as nothing is remembered from drawing one. */
  override canShrinkWithoutContext(value: unknown): value is Plan {
    return Array.isArray(value) && value.every((it) => typeof it === 'object' && it !== null && 'sites' in it)
  }

  override shrink(plan: Plan): fc.Stream<fc.Value<Plan>> {
    return fc.stream(smallerPlans(plan, this.#faults)).map((smaller) => new fc.Value(smaller, undefined))
  }
}

/** Each injection alone, then all but one, then each weakened. */
function* smallerPlans(plan: Plan, faults: readonly FaultDescription[]): IterableIterator<Plan> {
  if (plan.length > 1) yield* plan.map((injection) => [injection])
  if (plan.length > 2) yield* plan.map((_, index) => plan.toSpliced(index, 1))
  for (const [index, injection] of plan.entries()) {
    for (const milder of milderPlans(injection, faults)) yield plan.with(index, milder)
  }
}

function nothingEligible(reachable: readonly Reachable[], faults: readonly FaultDescription[]): string {
  const names = faults.map(({ name }) => name).join(', ') || 'no fault'
  const places = reachable.map(({ address }) => encodeAddress(address)).join(', ') || 'no crossing'
  return `expected at least one fault that fits a crossing that was reached, got ${names} for ${places}`
}
