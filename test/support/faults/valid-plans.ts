/**
 * Every plan that the notation can hold, for the laws: odd targets, all ways to say when, several sites and faults. Apart
 * from `planArbitrary`, which makes only plans that are worth a trial.
 */
import fc from 'fast-check'
import {
  type Boundary,
  boundaries,
  catalogue,
  describeFault,
  type FaultDescription,
  type FaultUse,
  type Injection,
  type Json,
  type Param,
  type SiteSelector,
  type When,
} from '../../../faults/index.js'
import { accepts } from '../../../faults/params/param.js'

const numberMax = Number.MAX_SAFE_INTEGER

/** A user's own fault whose names are as awkward as names can be. */
const awkward: FaultDescription = {
  name: '// mine/"Räumung" #1; (x)',
  summary: 'A name that needs quotes.',
  class: 'definite',
  boundaries,
  needs: [],
  companion: false,
  worsens: [],
  params: {
    __proto__x: { kind: 'text', doc: 'free', samples: [''], default: '' },
    'two words': { kind: 'share', doc: 'a share', mildest: 1, default: 0 },
    '1': { kind: 'integer', doc: 'a number', min: -5, max: numberMax, default: 0 },
    ['__proto__']: { kind: 'choice', doc: 'a choice', values: ['ä', ';', '"'], default: 'ä' },
  },
  actions: ['reject'],
}
export const knownFaults: readonly FaultDescription[] = [...catalogue.map(describeFault), awkward]

/** Text of any kind, with what the notation itself is made of. */
export const oddText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '*',
    'a*b',
    '//x',
    'a//b',
    ' // x',
    '"',
    '\\',
    '\n',
    '\r\n',
    '\u2028',
    '\ud800',
    '__proto__',
    '#1',
    '=',
    ';',
  ),
  fc.constantFrom('POST api.stripe.com/v1/refunds', 'claude-opus-5-5', 'report.md', '\u001b[31m', '\u202e', '42', '..'),
)

/** JSON has one zero, so that a plan never holds the other. */
const oddJson = fc
  .oneof(oddText, fc.jsonValue({ maxDepth: 3 }))
  .map((value): Json => JSON.parse(JSON.stringify(value)) as Json)

const count = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: numberMax }))
const ms = fc.oneof(
  fc.constantFrom(1, 999, 1000, 1500, 60_000, 90_000, 3_600_000),
  fc.integer({ min: 1, max: numberMax }),
)
const range = (value: fc.Arbitrary<number>) =>
  fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)

export const validWhen: fc.Arbitrary<When> = fc.oneof(
  fc
    .tuple(range(count), fc.oneof(fc.constant(1), fc.constant('every' as const), count))
    .map(([[from, to], attempt]): When => ({ kind: 'span', from, to, attempt })),
  count.map((from): When => ({ kind: 'onward', from })),
  fc
    .tuple(count, fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 4 }))
    .map(([from, count, every]): When => ({ kind: 'series', from, count, every })),
  fc
    .tuple(count, fc.integer({ min: 2, max: 9 }))
    .map(([from, every]): When => ({ kind: 'series', from, count: null, every })),
  fc.tuple(count, ms).map(([from, ms]): When => ({ kind: 'outage', from, ms })),
  fc.oneof(fc.constant(0), ms).map((fromMs): When => ({ kind: 'window', fromMs, toMs: null })),
  range(fc.oneof(fc.constant(0), ms))
    .filter(([fromMs, toMs]) => fromMs < toMs)
    .map(([fromMs, toMs]): When => ({ kind: 'window', fromMs, toMs })),
)

function givenValue(param: Param): fc.Arbitrary<number | string> {
  switch (param.kind) {
    case 'integer':
      return fc.integer({ min: param.min, max: param.max }).map((value) => value + 0)
    case 'share':
      return fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)
    case 'choice':
      return fc.constantFrom(...param.values)
    case 'text':
      return oddText.filter((value) => accepts(param, value))
  }
}

function useOf(fault: FaultDescription): fc.Arbitrary<FaultUse> {
  return fc
    .shuffledSubarray(Object.entries(fault.params))
    .chain((params) =>
      fc.tuple(...params.map(([name, param]) => givenValue(param).map((value) => [name, value] as const))),
    )
    .map((entries) => ({ fault: fault.name, params: Object.fromEntries(entries) }))
}

function siteAt(boundary: fc.Arbitrary<Boundary>): fc.Arbitrary<SiteSelector> {
  const where = fc.dictionary(oddText, oddJson, { maxKeys: 3, noNullPrototype: true })
  return fc
    .tuple(boundary, oddText, fc.option(where, { nil: undefined }))
    .map(([boundary, target, where]) => ({ boundary, target, ...(where !== undefined && { where }) }))
}

const uses = fc.array(
  fc.constantFrom(...knownFaults).chain((fault) => useOf(fault).map((use) => ({ fault, use }))),
  {
    minLength: 1,
    maxLength: 3,
  },
)

export const validInjection: fc.Arbitrary<Injection> = fc
  .tuple(validWhen, uses, fc.array(siteAt(fc.constantFrom(...boundaries)), { maxLength: 2 }))
  .chain(([when, drawn, others]) => {
    const [first, ...rest] = drawn
    if (first === undefined) throw new Error('fast-check drew fewer than minLength')
    return siteAt(fc.constantFrom(...first.fault.boundaries)).map((site): Injection => {
      const sites: Injection['sites'] = when.kind === 'window' ? [site, ...others] : [site]
      const fitting = rest.filter(({ fault }) => sites.some((it) => fault.boundaries.includes(it.boundary)))
      return { sites, when, faults: [first.use, ...fitting.map(({ use }) => use)] }
    })
  })

export const validPlan = fc.array(validInjection, { maxLength: 4 })
