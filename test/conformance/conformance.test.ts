/**
 * Who answers × what is done to the crossing × the transport: what a client sees, and what is on record of it, is what the
 * contract says, over every transport, by every client of its. What one cannot carry is skipped with its reason, and `cells.txt` lists every cell.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Action } from '../../faults/action.js'
import type { Carriage, ClientSide } from '../../harness/contracts/transport.js'
import { installStubs } from '../../harness/sandbox/ambient.js'
import type { VirtualClock } from '../../harness/sandbox/clock.js'
import { follow } from '../support/sandbox/trial.js'
import { open } from '../support/transports/opened.js'
import { nameOf, variantsAt } from './actions.js'
import { type Peer, peers } from './peers.js'
import { Record } from './record.js'
import { byContract, type Notes, over, type Seen } from './seen.js'
import { type Way, ways } from './ways.js'

interface Cell {
  readonly name: string
  readonly origin: string
  readonly peer: Peer
  readonly action: Action | undefined
  readonly patienceMs: number | null
}

interface Outcome {
  readonly seen: Seen
  readonly record: readonly string[]
}

const patiences = [null, 60_000]

/** Those in which the client's process ends need one of their own; all others are asked at the same time. */
const isAlone = ({ action }: Cell) => action?.kind === 'crash'

const cells = peers.flatMap((peer, at) =>
  variantsAt(peer.boundary).flatMap((action, number) =>
    patiences.map(
      (patienceMs): Cell => ({
        name: `${peer.name} | ${nameOf(action)} | ${patienceMs === null ? 'waits' : 'gives up'}`,
        origin: `http://c${at}-${number}-${patienceMs ?? 'patient'}.example.com`,
        peer,
        action,
        patienceMs,
      }),
    ),
  ),
)

const drainMs = 1_000_000
/** One group after the other, each to the end of all that it began. */
const groups = [cells.filter((cell) => !isAlone(cell)), ...cells.filter(isAlone).map((cell) => [cell])]

async function eachGroup(begin: (group: readonly Cell[], clock: VirtualClock) => Promise<() => void>): Promise<void> {
  for (const group of groups) {
    const { error, end: ended } = await follow(
      async (clock) => {
        const end = await begin(group, clock)
        await clock.sleepOn(drainMs)
        end()
      },
      { horizonMs: 2 * drainMs },
    )
    if (error) throw error
    // What did not come to its end says nothing of any cell.
    if (ended.kind !== 'settled') throw new Error(`expected all exchanges to end, got ${ended.kind}`)
  }
}

type Outcomes = Map<Cell, () => Outcome>

async function contract(): Promise<{ readonly outcomes: Outcomes; readonly needs: Map<Cell, ReadonlySet<Carriage>> }> {
  const outcomes: Outcomes = new Map()
  const needs = new Map<Cell, ReadonlySet<Carriage>>()
  await eachGroup(async (group, clock) => {
    for (const cell of group) {
      const record = new Record(cell.action, clock)
      const endpoint = record.watch(cell.peer.endpoint(cell.origin, record, clock))
      void byContract({ ...asking(cell), clock }, endpoint, () => record.frozen).then(({ notes, needs: found }) => {
        // A client that is gone waits for nothing.
        if (isAlone(cell)) found.delete('idle-limit')
        needs.set(cell, found)
        outcomes.set(cell, () => outcomeOf(notes, record))
      })
    }
    return () => {}
  })
  return { outcomes, needs }
}

async function carryBy(way: Way, isCarried: (cell: Cell) => boolean): Promise<Outcomes> {
  const outcomes: Outcomes = new Map()
  const ready = await way.start()
  await eachGroup(async (group, clock) => {
    const carried = group.filter(isCarried)
    const records = new Map(carried.map((cell) => [cell.origin, new Record(cell.action, clock)]))
    const client: ClientSide = {
      sleep: (ms, signal) => clock.sleep(ms, signal),
      get frozen() {
        return [...records.values()].some(({ frozen }) => frozen)
      },
    }
    const endpoints = new Map(
      carried.map((cell) => [
        cell.origin,
        recordOf(cell).watch(cell.peer.endpoint(cell.origin, recordOf(cell), clock)),
      ]),
    )
    const opened = open(ready.transport, { endpoint: (url) => endpoints.get(new URL(url).origin) }, client)
    for (const cell of carried) {
      const asked = asking(cell)
      const notes = over(opened, way, { ...asked, url: ready.addressOf(asked.url), clock })
      outcomes.set(cell, () => outcomeOf(notes, recordOf(cell)))
    }
    return opened.stop

    function recordOf({ origin }: Cell): Record {
      const record = records.get(origin)
      if (!record) throw new Error(`no record of ${origin}`)
      return record
    }
  })
  await ready.stop()
  return outcomes
}

function asking({ origin, peer: { question }, patienceMs }: Cell) {
  return { url: `${origin}${question.path}`, question, patienceMs }
}

function outcomeOf(notes: Notes, record: Record): Outcome {
  return { seen: notes.seen, record: record.lines }
}

function summary({ status, headAtMs, retryAfter, body, end, atMs }: Seen): string {
  const pieces = Object.entries(body).map(([at, text]) => `${Buffer.byteLength(text)} bytes at ${at}`)
  const head = status === undefined ? undefined : `${status} at ${headAtMs}`
  return [head, retryAfter && `retry-after ${retryAfter}`, ...pieces, atMs === null ? end : `${end} at ${atMs}`]
    .filter((part) => part !== undefined)
    .join(', ')
}

function reasonAgainst({ cannot }: Way, needs: ReadonlySet<Carriage> | undefined): string | undefined {
  const missing = [...(needs ?? [])].find((need) => cannot[need] !== undefined)
  return missing && cannot[missing]
}

let uninstall = () => {}
let expected: Awaited<ReturnType<typeof contract>>
beforeAll(async () => {
  uninstall = installStubs()
  expected = await contract()
}, 120_000)
afterAll(() => uninstall())

describe.each(ways.map((way) => [way.name, way] as const))('over %s', (_, way) => {
  let found: Outcomes
  beforeAll(async () => {
    found = await carryBy(way, (cell) => reasonAgainst(way, expected.needs.get(cell)) === undefined)
  }, 120_000)

  afterAll(() => {
    const reasons = cells.flatMap((cell) => reasonAgainst(way, expected.needs.get(cell)) ?? [])
    for (const reason of new Set(reasons)) {
      const number = reasons.filter((other) => other === reason).length
      console.info(`skipped over ${way.name}: ${number} of ${cells.length} cells, for ${reason}`)
    }
  })

  it.for(cells.map((cell) => [cell.name, cell] as const))('%s', ([, cell], { skip }) => {
    const reason = reasonAgainst(way, expected.needs.get(cell))
    skip(reason !== undefined, reason)
    expect(found.get(cell)?.()).toEqual(expected.outcomes.get(cell)?.())
  })
})

it('lists every cell, what its client sees, and who cannot carry it for which reason', async () => {
  const lines = cells.map((cell) => {
    const outcome = expected.outcomes.get(cell)?.()
    const against = new Map<string, string[]>()
    for (const way of ways) {
      const reason = reasonAgainst(way, expected.needs.get(cell))
      if (reason !== undefined) against.set(reason, [...(against.get(reason) ?? []), way.name.replace(', ', ' by ')])
    }
    const skips = [...against].map(([reason, names]) => ` | not over ${names.join(', ')}: ${reason}`)
    return `${cell.name} | ${outcome ? summary(outcome.seen) : 'nothing'}${skips.join('')}`
  })
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('cells.txt')
})
