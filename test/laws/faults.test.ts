/** What every fault of the catalogue keeps, so that a new one needs no test of its own for it. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryTable } from '../../faults/boundaries.js'
import { isWorseWith } from '../../faults/fault.js'
import {
  boundaries,
  catalogue,
  decodePlan,
  describeFault,
  encodePlan,
  type Fault,
  faultClasses,
} from '../../faults/index.js'
import { accepts, milderValues, type Param } from '../../faults/params/param.js'
import { paramsArbitrary } from '../../faults/plan/arbitrary.js'
import { milderPlans } from '../../faults/plan/weaken.js'

const folder = fileURLToPath(new URL('../../faults/', import.meta.url))

function defaultsOf(fault: Fault): Record<string, number | string> {
  return Object.fromEntries(Object.entries(fault.params).map(([name, param]) => [name, param.default]))
}

/** Every value that the search or a fast-check plan would give, with the defaults filled in. */
function valuesOf(fault: Fault): fc.Arbitrary<Record<string, number | string>> {
  return paramsArbitrary(fault.params).map((given) => ({
    ...defaultsOf(fault),
    ...(given as Record<string, number | string>),
  }))
}

/** How far a value is from the mildest: falls by one or more at every step of weakening, so it cannot fall for ever. */
function severity(param: Param, value: number | string): number {
  switch (param.kind) {
    case 'integer':
      return Number(value) - param.min
    case 'share':
      return Math.abs(Number(value) - param.mildest) / 0.05
    case 'choice':
      return param.values.indexOf(String(value))
    case 'text':
      return param.samples.indexOf(String(value))
  }
}

describe('the catalogue', () => {
  it('names every fault once', () => {
    const names = catalogue.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })

  it('holds every fault that has a file, under the name of that file', () => {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['params', 'plan'].includes(entry.name))
      .flatMap(({ name }) => readdirSync(`${folder}${name}`).map((file) => `${name}/${file.replace(/\.ts$/, '')}`))
    expect(catalogue.map(({ name }) => name).sort()).toEqual(files.sort())
  })
})

describe.each(catalogue.map((fault) => [fault.name, fault] as const))('%s', (_, fault) => {
  it('is named after a boundary that it strikes, in kebab-case', () => {
    const [prefix = '', ...rest] = fault.name.split('/')
    expect([...fault.boundaries, 'process', 'clock']).toContain(prefix)
    expect(rest.join('/')).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
  })

  it('says what happens in one sentence', () => {
    expect(fault.summary).toMatch(/^[A-Z][^\n]*[^.]\.$/)
    expect(fault.summary).not.toMatch(/[.!?] +[A-Z]/)
  })

  it('has a class and at least one boundary, each once', () => {
    expect(faultClasses).toContain(fault.class)
    expect(fault.boundaries.length).toBeGreaterThan(0)
    expect(fault.boundaries).toEqual([...new Set(fault.boundaries)])
    for (const boundary of fault.boundaries) expect(boundaries).toContain(boundary)
  })

  it('accepts its own defaults and samples', () => {
    for (const param of Object.values(fault.params)) {
      const values = param.kind === 'text' ? param.samples : param.kind === 'choice' ? param.values : []
      for (const value of [param.default, ...values]) expect(accepts(param, value)).toBe(true)
    }
  })

  it('asks only for actions that each of its boundaries can carry out', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(defaultsOf(fault)), valuesOf(fault)), (values) => {
        const kinds = fault.action(values).map(({ kind }) => kind)
        expect(kinds).toEqual(fault.actions)
        expect(kinds.length).toBeGreaterThan(0)
        for (const boundary of fault.boundaries)
          expect(boundaryTable[boundary].actions).toEqual(expect.arrayContaining(kinds))
      }),
    )
  })

  it('makes some fault of the catalogue worse if it is a companion, and otherwise none', () => {
    const worse = catalogue.filter((other) => isWorseWith(other, fault))
    expect(worse.length > 0).toBe(fault.companion)
    expect(worse.filter(({ companion }) => companion)).toEqual([])
    if (!fault.companion) expect(fault.worsens).toEqual([])
  })

  it('makes the same actions of the same parameters, as plain data', () => {
    fc.assert(
      fc.property(valuesOf(fault), (values) => {
        const actions = fault.action(Object.freeze({ ...values }))
        expect(fault.action({ ...values })).toEqual(actions)
        expect(JSON.parse(JSON.stringify(actions))).toEqual(actions)
      }),
    )
  })

  it('has parameters whose values grow milder until nothing milder is left', () => {
    fc.assert(
      fc.property(valuesOf(fault), (values) => {
        for (const [name, param] of Object.entries(fault.params)) {
          const value = values[name] ?? param.default
          for (const milder of milderValues(param, value)) {
            expect(accepts(param, milder)).toBe(true)
            expect(severity(param, milder)).toBeGreaterThanOrEqual(0)
            expect(severity(param, milder)).toBeLessThanOrEqual(severity(param, value) - 1)
          }
        }
      }),
    )
  })

  it('can be planned with its defaults at each of its boundaries, read back, and is then mildest', () => {
    for (const boundary of fault.boundaries) {
      const text = `${boundary}:anything#1 = ${fault.name}`
      const decoded = decodePlan(text, [describeFault(fault)])
      expect(decoded.kind === 'plan' && encodePlan(decoded.plan)).toBe(text)
      expect(decoded.kind === 'plan' && decoded.plan.flatMap((it) => milderPlans(it, catalogue))).toEqual([])
    }
  })
})
