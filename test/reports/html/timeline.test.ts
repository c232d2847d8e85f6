/** From a trace to a timeline: what is shown of it, where it stands, in which lane, and what it is in another trial. */
import { describe, expect, it } from 'vitest'
import type { TraceEvent } from '../../../harness/contracts/trace.js'
import { align } from '../../../reports/html/alignment.js'
import { axisOf } from '../../../reports/html/axis.js'
import { breakerBands } from '../../../reports/html/breaker-bands.js'
import { excerpt } from '../../../reports/html/excerpt.js'
import { lanesOf } from '../../../reports/html/lanes.js'
import { events } from '../../fixtures/cli/trace.js'

const all = (trace: readonly TraceEvent[]) => excerpt(trace, [], trace.length)
const breaker = (at: number, event: 'opened' | 'half-opened' | 'closed' | 'rejected' | 'failed'): TraceEvent => ({
  at,
  kind: 'breaker',
  breaker: 'tool:refund',
  event,
})

describe('an excerpt', () => {
  it('is the whole trace where there is room', () => {
    expect(all(events).map(({ index }) => index)).toEqual(events.map((_, index) => index))
  })

  it('keeps what shows the violation and what is around it, the beginning and the end, and counts the rest', () => {
    const many = Array.from({ length: 1000 }, (_, at): TraceEvent => ({ at, kind: 'cancel' }))
    const shown = excerpt(many, [500], 30)
    const indices = shown.map(({ index }) => index)

    expect(shown.length).toBe(30)
    expect(indices).toEqual([...indices].sort((a, b) => a - b))
    expect(indices).toEqual(expect.arrayContaining([0, 1, 2, 495, 500, 505, 998, 999]))
    expect(shown.reduce((sum, { leftOut }) => sum + leftOut + 1, 0)).toBe(1000)
  })
})

describe('an axis', () => {
  const axis = axisOf(all(events))

  it('keeps the order of the events, at one instant too', () => {
    expect(axis.xs).toEqual([...axis.xs].sort((a, b) => a - b))
    expect(new Set(axis.xs).size).toBe(events.length)
  })

  it('shortens a long wait, but gives it more room than a short one, and says how long it was', () => {
    const room = (from: number, to: number) => (axis.xs[to] ?? 0) - (axis.xs[from] ?? 0)

    expect(room(6, 7)).toBeGreaterThan(room(0, 1))
    expect(room(6, 7)).toBeLessThan(20 * room(0, 1))
    expect(axis.waits.map(({ ms }) => ms)).toContain(10_000)
  })

  it('labels instants by the time at which their first event stands', () => {
    for (const { x, at } of axis.instants) {
      const index = axis.xs.indexOf(x)
      expect(events[index]?.at).toBe(at)
      expect(events[index - 1]?.at).not.toBe(at)
    }
  })
})

describe('lanes', () => {
  const lanes = lanesOf(all(events), [5, 12])

  it('are the agent, the sites by boundary, and the ledger', () => {
    expect(lanes.map(({ label }) => label)).toEqual(['agent', 'model:claude-opus-5-5', 'tool:refund', 'ledger'])
  })

  it('hold a bar for every call, from its start to its answer', () => {
    for (const { bars } of lanes.slice(1)) {
      for (const { call, result, from, to } of bars) {
        expect(events[from]).toBe(call)
        if (result !== undefined) expect(events[to]).toBe(result)
      }
    }
    const calls = events.filter(({ kind }) => kind === 'call')
    expect(lanes.slice(1).flatMap(({ bars }) => bars)).toHaveLength(calls.length)
  })

  it('mark where a fault landed, and link an attempt to the one before it', () => {
    const [first, second] = lanes[2]?.bars ?? []

    expect(first?.faults.map((place) => events[place]?.kind)).toEqual(['fault'])
    expect(second?.retryOf?.to).toBe(first?.to)
  })

  it('enter side effects in the ledger, and mark those that show the violation', () => {
    const effects = lanes[3]?.marks ?? []

    expect(effects.map(({ event }) => event.kind)).toEqual(['effect', 'effect'])
    expect(effects.every(({ isEvidence }) => isEvidence)).toBe(true)
  })

  it('put calls that run at the same time below each other, and those that follow beside', () => {
    const site = { boundary: 'tool', target: 'a' } as const
    const call = (crossing: number, at: number): TraceEvent => ({
      at,
      kind: 'call',
      crossing,
      parent: null,
      site,
      occurrence: crossing + 1,
      attempt: 1,
      request: { kind: 'call', arguments: [] },
      identity: '',
      traits: [],
    })
    const returnOf = (crossing: number, at: number): TraceEvent => ({
      at,
      kind: 'return',
      crossing,
      outcome: { kind: 'ok', output: '' },
    })
    const [, lane] = lanesOf(all([call(0, 0), call(1, 0), returnOf(0, 5), returnOf(1, 6), call(2, 7)]), [])

    expect(lane?.rows).toBe(2)
    expect(lane?.bars.map(({ row, state }) => [row, state])).toEqual([
      [0, 'ok'],
      [1, 'ok'],
      [0, 'unanswered'],
    ])
  })

  it('end the attempt of an agent where it crashes, and begin another where it is started again', () => {
    const crash: TraceEvent = {
      at: 1,
      kind: 'fault',
      crossing: 0,
      injection: 0,
      fault: 'process/crash',
      class: 'resource',
      actions: ['crash'],
    }
    const trace: TraceEvent[] = [
      { at: 0, kind: 'cancel' },
      crash,
      { at: 1, kind: 'restart', attempt: 2 },
      { at: 2, kind: 'claim', claim: 'success', result: '' },
    ]
    const [agent] = lanesOf(all(trace), [])

    expect(agent?.bars.map(({ from, to, label }) => [from, to, label])).toEqual([
      [0, 1, ''],
      [2, 3, 'attempt 2'],
    ])
  })
})

describe('bands of a breaker', () => {
  it('last from one state to the next, and count what was turned away', () => {
    const trace: TraceEvent[] = [
      { at: 0, kind: 'breaker', breaker: 'tool:refund', event: 'observed', state: 'closed', fresh: true },
      breaker(1, 'failed'),
      breaker(1, 'opened'),
      breaker(2, 'rejected'),
      breaker(3, 'half-opened'),
      breaker(4, 'closed'),
    ]
    const bands = breakerBands(all(trace)).get('tool:refund') ?? []

    expect(bands.map(({ state, from, to, rejections }) => [state, from, to, rejections.length])).toEqual([
      ['closed', 0, 2, 0],
      ['open', 2, 4, 1],
      ['half-open', 4, 5, 0],
      ['closed', 5, 5, 0],
    ])
  })
})

describe('two trials beside each other', () => {
  it('pair what happened in both, and leave a gap for what happened in one', () => {
    const without = events.filter((event, index) => index < 7 && event.kind !== 'fault')
    const pairs = align(without, events)

    expect(pairs.flatMap(({ left }) => left ?? [])).toEqual(without)
    expect(pairs.flatMap(({ right }) => right ?? [])).toEqual(events)
    expect(pairs.filter(({ left }) => left === undefined)[0]?.right?.kind).toBe('fault')
    expect(pairs.filter(({ left, right }) => left !== undefined && right !== undefined)).toHaveLength(without.length)
  })
})
