/** A change is made at most once, and the journal says at every moment whether it may have happened. */
import { describe, expect, it, vi } from 'vitest'
import { make } from '../../../scenarios/agent/change.js'
import { Dependency } from '../../../scenarios/agent/dependency.js'
import { type JournalRows, journalOver } from '../../../scenarios/agent/journal.js'
import { LoopBreaker } from '../../../scenarios/agent/loop-breaker.js'
import { type Policy, policies } from '../../../scenarios/agent/policy.js'

const policy: Policy = { ...policies.errand, attemptsMax: 2, firstPauseMs: 0 }
const status = (code: number) => Object.assign(new Error(String(code)), { status: code })

/** An agent's attempt over rows that outlive it. */
function attempt(rows: JournalRows, send: (request: unknown, key: string | undefined) => Promise<unknown>) {
  const hands = { journal: journalOver(rows), policy, watch: new LoopBreaker(policy) }
  const by = new Dependency('the service', policy, { msMax: 1_000 })
  return (request: unknown) =>
    make(hands, { kind: 'refund', id: '42', request, by, send: (asked, key) => send(asked, key) })
}

describe('make', () => {
  it('writes down what it is about to do before it does it', async () => {
    const rows: JournalRows = {}
    const seen: unknown[] = []
    await attempt(rows, async () => seen.push(structuredClone(rows['refund:42'])))({ cents: 1 })
    expect(seen).toEqual([{ kind: 'refund', id: '42', request: { cents: 1 }, revision: 1, status: 'pending' }])
    expect(rows['refund:42']?.status).toBe('done')
  })

  it('gives the first result again, in a later attempt too, without sending anything', async () => {
    const rows: JournalRows = {}
    await attempt(rows, async () => 'paid')({ cents: 1 })
    const send = vi.fn()
    expect(await attempt(rows, send)({ cents: 1 })).toBe('paid')
    expect(send).not.toHaveBeenCalled()
  })

  it('sends the first request under the same key while it may have been carried out', async () => {
    const rows: JournalRows = {}
    const send = vi.fn((_request: unknown, _key: string | undefined) => Promise.reject(status(500)))
    await expect(attempt(rows, send)({ text: 'a' })).rejects.toThrow('500')
    await expect(attempt(rows, send)({ text: 'b' })).rejects.toThrow('500')
    expect(send.mock.calls).toEqual(Array.from({ length: 4 }, () => [{ text: 'a' }, 'refund:42']))
    expect(rows['refund:42']?.status).toBe('pending')
  })

  it('sends a corrected request under a new key after a refusal', async () => {
    const rows: JournalRows = {}
    const answers = [() => Promise.reject(status(400)), () => Promise.resolve('paid')]
    const send = vi.fn((_request: unknown, _key: string | undefined) => answers.shift()?.() ?? Promise.resolve())
    const refund = attempt(rows, send)
    await expect(refund({ cents: -1 })).rejects.toThrow('400')
    expect(rows['refund:42']?.status).toBe('refused')
    await refund({ cents: 1 })
    expect(send.mock.calls).toEqual([
      [{ cents: -1 }, 'refund:42'],
      [{ cents: 1 }, 'refund:42:2'],
    ])
  })

  it('takes no refusal for proof where an earlier attempt may have been carried out', async () => {
    const rows: JournalRows = {}
    const answers = [status(500), status(400)]
    await expect(attempt(rows, () => Promise.reject(answers.shift()))({ cents: 1 })).rejects.toThrow('400')
    expect(rows['refund:42']?.status).toBe('pending')
  })

  it('keeps key and request after failures by which nothing was done', async () => {
    const rows: JournalRows = {}
    await expect(attempt(rows, () => Promise.reject(status(503)))({ text: 'a' })).rejects.toThrow('503')
    expect(rows['refund:42']?.status).toBe('unapplied')
    const send = vi.fn(async (_request: unknown, _key: string | undefined) => 'paid')
    await attempt(rows, send)({ text: 'b' })
    expect(send.mock.calls).toEqual([[{ text: 'a' }, 'refund:42']])
  })
})
