/** Proves that the systematic search plans every fault wherever it fits, for every length of time, and nothing twice. */
import { catalogue, describeFault, encodePlan, type FaultDescription, type Plan } from 'agent-chaos/faults'
import { describe, expect, it } from 'vitest'
import { breakPlaces } from '../../../faults/action.js'
import { advice } from '../../../faults/params/retry-after.js'
import { eligible, type Reachable } from '../../../faults/plan/reachable.js'
import { reachableIn } from '../../../harness/search/ground.js'
import { isSlowModel, lastingVariants, singles } from '../../../harness/search/singles.js'
import { TraceBuilder } from '../../support/invariants/trace-builder.js'

const faults = catalogue.map(describeFault)
const faultsNamed = (...names: string[]): FaultDescription[] => faults.filter(({ name }) => names.includes(name))

const at = (
  boundary: 'tool' | 'model' | 'effect',
  target: string,
  occurrence = 1,
  traits: Reachable['traits'] = [],
) => ({
  address: { site: { boundary, target }, occurrence, attempt: 1 },
  traits,
})

const shop: Reachable[] = [
  at('model', 'm'),
  at('tool', 'refund'),
  at('effect', 'refund', 1, ['steps']),
  at('tool', 'refund', 2),
  at('effect', 'email'),
  at('model', 'm', 2),
]

/** Of the usual form, with default parameters. */
const isPlain = (plan: Plan) =>
  plan.every(({ faults }) => faults.every(({ params }) => Object.keys(params).length === 0))

const texts = (plans: readonly Plan[]) => plans.map(encodePlan)

describe('the sweep', () => {
  it('plans every fault at every crossing where it fits: once, for good, and for a while', () => {
    const planned = texts(singles(shop, faults))
    for (const place of shop) {
      const { site, occurrence } = place.address
      const where = `${site.boundary}:${site.target}#${occurrence}`
      for (const fault of faults.filter((one) => !one.companion && !one.actions.includes('kill'))) {
        for (const when of isSlowModel(fault) ? [''] : ['', '..', ' +30s']) {
          expect(planned.includes(`${where}${when} = ${fault.name}`)).toBe(eligible(fault, place))
        }
      }
    }
  })

  it.each([
    ['model/insisting', (fault: FaultDescription) => fault.class !== 'deceptive' && !fault.actions.includes('rewrite')],
    ['model/credulous', (fault: FaultDescription) => fault.name === 'tool/poisoned-result'],
  ])(
    'plans %s beside every lasting fault of a tool or an effect that it makes worse, and nowhere else',
    (name, isWorse) => {
      const beside = `; model:*#1.. = ${name}`
      const planned = texts(singles(shop, faults))
      const worse = faults.filter(isWorse).map((fault) => fault.name)
      const lasting = planned.filter((text) => {
        const [, fault = ''] = /(?:\.\.| \+30s) = ((?:tool|effect)\/[^;]+)$/.exec(text) ?? []
        return worse.includes(fault)
      })
      expect(lasting.length).toBeGreaterThanOrEqual(4)
      expect(planned.filter((text) => text.includes(name)).sort()).toEqual(lasting.map((text) => text + beside).sort())
    },
  )

  it('plans the other words of a fault once, where it is first reached', () => {
    const planned = texts(
      singles(
        [at('model', 'm', 1, ['stream']), at('model', 'm', 2)],
        faultsNamed('model/overloaded', 'model/stream-cut'),
      ),
    )
    expect(planned.filter((text) => text.includes('('))).toEqual([
      ...advice.retryAfter.samples.slice(1).map((value) => `model:m#1 = model/overloaded(retryAfter: "${value}")`),
      ...advice.retryAfterMs.samples.slice(1).map((value) => `model:m#1 = model/overloaded(retryAfterMs: "${value}")`),
      ...['clean-end', 'stall'].map((how) => `model:m#1 = model/stream-cut(how: "${how}")`),
      ...breakPlaces.map((place) => `model:m#1 = model/stream-cut(place: "${place}")`),
    ])
  })

  it('plans the other words of a misbehaviour for good, from the first occurrence and from the middle', () => {
    const turns = [1, 2, 3].map((turn) => at('model', 'm', turn, ['stream']))
    const some = faultsNamed('model/invalid-input', 'model/stream-cut', 'model/looping')

    expect(texts(lastingVariants(turns, some))).toEqual(
      [1, 2].map((turn) => `model:m#${turn}.. = model/invalid-input(how: "type")`),
    )
  })

  it('plans nothing twice', () => {
    const planned = texts(singles([...shop, ...shop], faults))
    expect(new Set(planned).size).toBe(planned.length)
    expect(planned).toEqual(texts(singles(shop, faults)))
  })

  it('begins with what happens once; what lasts comes alone and then with what makes it worse, outages last', () => {
    const plans = singles(shop.slice(0, 3), faults).filter(isPlain)
    const rank = (plan: Plan) => {
      const worse = plan.length > 1 ? 0.5 : 0
      return { span: 0, onward: 1, outage: 2, series: 2, window: 2 }[plan[0]?.when.kind ?? 'window'] + worse
    }
    const ranks = plans.map(rank)
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
    expect(new Set(ranks)).toEqual(new Set([0, 1, 1.5, 2, 2.5]))
  })

  it('comes to the first occurrence of every site before the last of any, and to those between after that', () => {
    const turns = Array.from({ length: 9 }, (_, index) => at('model', 'm', index + 1))
    const planned = texts(singles([...turns, at('tool', 'look')], faultsNamed('model/timeout', 'tool/unavailable')))
    const once = planned.filter((text) => /^\w+:\w+#\d+ =/.test(text)).map((text) => text.split(' ')[0])
    expect(once).toEqual(['model:m#1', 'tool:look#1', ...[9, 5, 3, 7, 2, 4, 6, 8].map((turn) => `model:m#${turn}`)])
  })

  it('plans nothing where nothing fits, and no companion alone', () => {
    expect(singles([], faults)).toEqual([])
    expect(singles(shop, faultsNamed('model/insisting'))).toEqual([])
    expect(singles([at('model', 'm')], faultsNamed('tool/unavailable'))).toEqual([])
  })

  it('asks for the traits that a fault needs', () => {
    expect(texts(singles([at('effect', 'email')], faultsNamed('effect/partial')))).toEqual([])
    expect(singles([at('effect', 'email', 1, ['steps'])], faultsNamed('effect/partial'))).toHaveLength(4)
  })
})

describe('what a trace reaches', () => {
  it('is each logical crossing once, in the order in which they began, retries left out', () => {
    const trace = new TraceBuilder()
    trace.fail(trace.call('tool:refund', { input: '42' }))
    trace.ok(trace.call('tool:refund', { input: '42' }))
    trace.turn().ok(trace.call('tool:refund', { input: '43' }))
    expect(reachableIn(trace.build()).map(({ address }) => address)).toEqual([
      { site: { boundary: 'tool', target: 'refund' }, occurrence: 1, attempt: 1 },
      { site: { boundary: 'model', target: 'm' }, occurrence: 1, attempt: 1 },
      { site: { boundary: 'tool', target: 'refund' }, occurrence: 2, attempt: 1 },
    ])
  })
})
