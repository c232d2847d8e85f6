/** What can be undone is undone, last step first; what may have happened and cannot be undone lets the rest stand. */
import { describe, expect, it } from 'vitest'
import { Dependency } from '../../../scenarios/agent/dependency.js'
import { type Entry, type JournalRows, journalOver, rowOf } from '../../../scenarios/agent/journal.js'
import { LoopBreaker } from '../../../scenarios/agent/loop-breaker.js'
import { policies } from '../../../scenarios/agent/policy.js'
import { isUndoing, undo } from '../../../scenarios/agent/undo.js'

const policy = { ...policies.errand, attemptsMax: 1 }
const entry = (kind: string, id: string, status: Entry['status']): Entry => ({
  kind,
  id,
  status,
  revision: 1,
  request: { id },
})

function journalOf(...entries: Entry[]): JournalRows {
  return Object.fromEntries(entries.map((each) => [rowOf(each), each]))
}

/** Undoes what is in `rows`; rooms and flights can be given back, a payment cannot. */
async function undoing(rows: JournalRows, isDown = false) {
  const sent: string[] = []
  const by = new Dependency('the service', policy, { msMax: 1_000 })
  const reversal = (kind: string) => ({
    kind,
    by,
    send: async ({ id }: { readonly id: string }) => {
      if (isDown) throw Object.assign(new Error('503'), { status: 503 })
      sent.push(`${kind} ${id}`)
    },
  })
  const reversals = { room: reversal('give-back-room'), flight: reversal('give-back-flight') }
  const hands = { journal: journalOver(rows), policy, watch: new LoopBreaker(policy) }
  const came = await undo(hands, reversals).catch((error: Error) => error.message)
  return { came, sent, begun: await isUndoing(hands.journal, reversals) }
}

describe('undo', () => {
  it('undoes what was done and what may have been, last first', async () => {
    const rows = journalOf(entry('room', '1', 'done'), entry('flight', '1', 'pending'))
    expect(await undoing(rows)).toMatchObject({ came: 'undone', sent: ['give-back-flight 1', 'give-back-room 1'] })
  })

  it('leaves alone what is known not to have happened', async () => {
    const rows = journalOf(entry('room', '1', 'refused'), entry('flight', '1', 'unapplied'))
    expect(await undoing(rows)).toEqual({ came: 'nothing', sent: [], begun: false })
  })

  it('lets stand what led up to something that may have happened for good', async () => {
    const rows = journalOf(entry('room', '1', 'done'), entry('payment', '1', 'pending'), entry('room', '2', 'done'))
    expect(await undoing(rows)).toMatchObject({ came: 'stands', sent: ['give-back-room 2'] })
  })

  it('goes on in a later attempt where an earlier one was interrupted, and undoes nothing twice', async () => {
    const rows = journalOf(entry('room', '1', 'done'), entry('flight', '1', 'done'))
    expect(await undoing(rows, true)).toMatchObject({ came: '503', begun: true })
    expect(await undoing(rows)).toMatchObject({ came: 'undone', sent: ['give-back-flight 1', 'give-back-room 1'] })
    expect(await undoing(rows)).toMatchObject({ came: 'undone', sent: [] })
  })
})
