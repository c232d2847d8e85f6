/** No two samplings give the same id; the model still knows its own, and equal requests stay equal. */
import { describe, expect, it } from 'vitest'
import { IssuedIds } from '../../../../harness/boundaries/model/issued-ids.js'
import type { Conversation, Reply } from '../../../../harness/contracts/conversation.js'
import { prefixedCallIds } from '../../../../harness/contracts/provider.js'

const wire = prefixedCallIds('call_')
const own = 'A0000001aaaaBBBBccccDD'

function reply(...ids: string[]): Reply {
  const blocks = ids.map((id) => ({ kind: 'tool-call', id, name: 'look', input: {} }) as const)
  return { blocks: [{ kind: 'text', text: 'I look.' }, ...blocks], stop: 'tool-use' }
}

function idsOf({ blocks }: Reply): string[] {
  return blocks.flatMap((block) => (block.kind === 'tool-call' ? [block.id] : []))
}

function conversationWith(...ids: string[]): Conversation {
  const calls = ids.map((id) => ({ kind: 'tool-call', id, name: 'look', input: {} }) as const)
  const results = ids.map((id) => ({ kind: 'tool-result', id, failed: false, text: 'blue' }) as const)
  const messages = [
    { role: 'assistant', blocks: calls },
    { role: 'user', blocks: results },
  ] as const
  return { model: 'm', system: '', messages, tools: ['look'] }
}

describe('ids that are issued', () => {
  it('are new for each sampling of the very same reply, and the same in every run', () => {
    const run = () => {
      const ids = new IssuedIds()
      return Array.from({ length: 200 }, () => idsOf(ids.issue(reply(own, 'A0000002aaaaBBBBccccDD'), wire))).flat()
    }
    expect(new Set(run()).size).toBe(400)
    expect(run()).toEqual(run())
  })

  it('look like those of the vendor, also where a model of the user gives any text', () => {
    const [first, second] = idsOf(new IssuedIds().issue(reply(own, 'my id'), wire))
    expect(first).toMatch(/^call_[A-Za-z0-9]{22}$/)
    expect(second).toMatch(/^call_[A-Za-z0-9]{22}$/)
  })

  it('are known to the model as its own, whichever sampling they come from', () => {
    const ids = new IssuedIds()
    const [first = ''] = idsOf(ids.issue(reply(own), wire))
    const [again = ''] = idsOf(ids.issue(reply(own), wire))
    expect(ids.asModelKnows(conversationWith(first), wire)).toEqual(conversationWith(own))
    expect(ids.asModelKnows(conversationWith(again), wire)).toEqual(conversationWith(own))
  })

  it('are known after a crash that moved the trial to another process, where they go on', () => {
    const ids = new IssuedIds()
    const [first = ''] = idsOf(ids.issue(reply(own), wire))
    const later = new IssuedIds(JSON.parse(JSON.stringify(ids.snapshot())))
    expect(later.asModelKnows(conversationWith(first), wire)).toEqual(conversationWith(own))
    expect(idsOf(later.issue(reply(own), wire))).not.toContain(first)
  })

  it('leave alone what an agent made up itself', () => {
    const ids = new IssuedIds()
    ids.issue(reply(own), wire)
    expect(ids.asModelKnows(conversationWith('mine'), wire)).toEqual(conversationWith('mine'))
  })
})

describe('ids that a vendor gave', () => {
  const recorded = { ...reply(own), ids: { calls: { [own]: 'toolu_01of-the-vendor' } } }

  it('go out the first time, and are known to the model as its own, also after a crash', () => {
    const ids = new IssuedIds()
    const [first = ''] = idsOf(ids.issue(recorded, wire))
    expect(first).toBe('toolu_01of-the-vendor')
    const later = new IssuedIds(JSON.parse(JSON.stringify(ids.snapshot())))
    expect(later.asModelKnows(conversationWith(first), wire)).toEqual(conversationWith(own))
    const [second = ''] = idsOf(later.issue(recorded, wire))
    expect(second).toMatch(/^call_[A-Za-z0-9]{22}$/)
    expect(later.rename(`{"key":"${first}"} ${second}`)).toBe('{"key":"call-1"} call_call-2')
  })

  it('are left out where nobody would find them again in a text', () => {
    const [id] = idsOf(new IssuedIds().issue({ ...reply(own), ids: { calls: { [own]: 'a.b*' } } }, wire))
    expect(id).toMatch(/^call_[A-Za-z0-9]{22}$/)
  })
})

describe('a text with issued ids', () => {
  const ids = new IssuedIds()
  const [first, second, third] = idsOf(ids.issue(reply('a', 'b', 'c'), wire))

  it('is equal to the same with the ids of another sampling', () => {
    expect(ids.rename(`{"key":"${first}"}`)).toBe(ids.rename(`{"key":"${second}"}`))
    expect(ids.rename(`${first} ${second} ${first}`)).toBe(ids.rename(`${second} ${third} ${second}`))
  })

  it('is another where they stand in another order', () => {
    expect(ids.rename(`${first} ${second} ${first}`)).not.toBe(ids.rename(`${first} ${second} ${second}`))
  })

  it('stays as it is where the ids are no issued ones', () => {
    const text = 'Zq0000aaaaaaaaaaaaaaaa and Zq'
    expect(ids.rename(text)).toBe(text)
  })
})
