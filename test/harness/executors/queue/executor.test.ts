/** What the side that leads a run makes of ranges, without a queue: who runs what, and what two machines must agree on. */

import { describe, expect, it } from 'vitest'
import { bothPhases } from '../../../../harness/campaign/run.js'
import { differingFiles } from '../../../../harness/contracts/digest.js'
import type { OpenExecutors, TrialRecord, TrialSpec } from '../../../../harness/contracts/executor.js'
import type { Coordinator } from '../../../../harness/executors/queue/coordinator.js'
import { openQueue } from '../../../../harness/executors/queue/executor.js'
import {
  differenceOf,
  isAudited,
  type RangeResult,
  rangeLength,
  rebase,
  type TrialRange,
} from '../../../../harness/executors/queue/protocol.js'
import { makeExecutor } from '../../../support/campaign/shards.js'

const nature = { salt: 7, violating: 0, inconclusive: 0, vacuous: 0, failing: 0, landing: 0.9, leaking: 0, killed: 0 }
const source = { package: null, file: 'pay.chaos.ts', digest: '' }
const specs = Array.from({ length: 250 }, (_, seed): TrialSpec => ({ plan: [], seed, detail: 'brief' }))

/** Two machines in turn; the second one comes to what `change` makes of a record. */
async function openWith(change: (record: TrialRecord) => TrialRecord) {
  const executor = makeExecutor('pay', nature)
  const ranges: TrialRange[] = []
  const begin = (range: TrialRange) => {
    const number = ranges.push(range)
    const isOther = number % 2 === 0
    const result = executor.run(range.specs).then(
      (records): RangeResult => ({
        by: isOther ? 'two:2' : 'one:1',
        records: records.flatMap((record) => (record ? [isOther ? change(record) : record] : [])),
        changes: ['globalThis.x'],
        secrets: ['of-the-agent'],
      }),
    )
    return { job: String(number), result }
  }
  const forgotten: string[] = []
  const forget = (jobs: readonly string[]) => void forgotten.push(...jobs)
  const coordinator = { begin, takeLeft: () => undefined, drop: () => {}, forget } as unknown as Coordinator
  const here: TrialSpec[] = []
  const openHere: OpenExecutors = () => ({
    open: async () => ({
      facts: executor.facts,
      run: (some, options) => {
        here.push(...some)
        return executor.run(some, options)
      },
      close: () => {},
    }),
    close: () => {},
  })
  const secrets: string[] = []
  const settings = { root: '/', trialTimeout: 1, memoryMax: 64, output: 'discard' as const }
  const onSecrets = (learnt: readonly string[]) => void secrets.push(...learnt)
  const opened = openQueue(coordinator, 'redis://me:pass%20word@host', openHere)({ ...settings, onSecrets })
  return { queued: await opened.open(source, () => 1), ranges, forgotten, here, secrets, executor }
}

describe('trials that go by a queue', () => {
  it('come back in their order, each told once', async () => {
    const { queued, ranges, executor } = await openWith((record) => record)
    const heard: number[] = []
    const records = await queued.run(specs, { onTrial: (_record, index) => heard.push(index) })
    expect(records).toEqual(await executor.run(specs))
    expect(heard.sort((one, other) => one - other)).toEqual(specs.map((_, index) => index))
    expect(ranges.filter(({ again }) => !again).flatMap((range) => range.specs)).toEqual(specs)
    expect(ranges.filter(({ again }) => again)).toHaveLength(1)
    expect(queued.disagreements?.()).toEqual([])
    expect(await queued.changes?.()).toEqual(['globalThis.x'])
  })

  it('stay with the server until their records were handed on, so that no crash of this process loses them', async () => {
    const { queued, ranges, forgotten } = await openWith((record) => record)
    const tooSoon: string[] = []
    await queued.run(specs, {
      onTrial: (_record, index) => {
        const spec = specs[index]
        tooSoon.push(...forgotten.filter((job) => spec && ranges[Number(job) - 1]?.specs.includes(spec)))
      },
    })
    expect(tooSoon).toEqual([])
    expect(forgotten.map(Number).sort((one, other) => one - other)).toEqual(ranges.map((_, index) => index + 1))
  })

  it('run here where they ask for a process of some kind, or are few', async () => {
    const { queued, ranges, here } = await openWith((record) => record)
    await queued.run(specs, { fresh: true })
    await queued.run(specs, { elsewhere: true })
    await queued.run(specs.slice(0, 1))
    expect(ranges).toEqual([])
    expect(here).toHaveLength(2 * specs.length + 1)
  })

  it('must come out alike on two machines, which are named where they do not', async () => {
    const { queued } = await openWith((record) => ({ ...record, crossings: record.crossings + 1 }))
    await queued.run(specs)
    expect(queued.disagreements?.()).toEqual([
      'without faults, seed 0, the trial came out otherwise on one:1 than on two:2',
    ])
  })

  it('keep the password of the server, and what an agent put into its environment, out of every report', async () => {
    const { queued, secrets } = await openWith((record) => record)
    await queued.run(specs)
    expect(secrets).toEqual(expect.arrayContaining(['pass%20word', 'pass word', 'of-the-agent']))
  })

  it('come to what they come to on one machine', async () => {
    const options = { seed: 1, trialsMax: 60, random: 300, gates: async () => 1, onProgress: () => {} }
    const settled = {
      ...options,
      depth: '1',
      measure: false,
      strict: false,
      measureTrials: 1,
      sweep: [],
      sweepTrials: 10,
    } as const
    const { queued, executor } = await openWith((record) => record)
    const phases = (on: typeof queued) =>
      bothPhases(on, 'pay.chaos.ts', { ...settled, signal: new AbortController().signal } as Parameters<
        typeof bothPhases
      >[2])
    expect(await phases(queued)).toEqual(await phases(executor as typeof queued))
  })
})

describe('what a range is', () => {
  it('has some seconds of work, and there are enough for several processes', () => {
    expect([1, 4, 64, 1_000, 1_000_000].map(rangeLength)).toEqual([4, 4, 4, 63, 200])
  })

  it('runs twice once in a hundred, the first one too', () => {
    expect(Array.from({ length: 300 }, (_, number) => number).filter(isAudited)).toEqual([0, 100, 200])
  })

  it('agrees with itself, whatever somebody wrote into the pipe', async () => {
    const [record] = await makeExecutor('pay', nature).run(specs.slice(0, 1))
    const result = { by: 'one:1', records: record ? [record] : [], changes: [], secrets: [] }
    const intruded = { ...result, records: result.records.map((each) => ({ ...each, intruded: true })) }
    expect(differenceOf(result, intruded)).toBeUndefined()
  })

  it('names files that differ, or that one side alone has', () => {
    expect(differingFiles({ a: '1', b: '2', c: '3' }, { a: '1', b: '0', d: '4' })).toEqual(['b', 'c', 'd'])
  })

  it('tells places from the folder of whoever leads the run', () => {
    expect(rebase({ where: '/there/$&/pay.ts:3' }, '/there/$&', '/here')).toEqual({ where: '/here/pay.ts:3' })
  })
})
