/** A client whose methods are side effects: those that are named, and nothing else about it. */
import { describe, expect, it } from 'vitest'
import { wrapClient } from '../../../../harness/boundaries/effect/effects.js'
import type { EffectFunction } from '../../../../harness/contracts/agent.js'

class Client {
  readonly #sent: string[] = []
  readonly region = 'eu'
  retries = 1
  readonly refunds = { create: (id: string) => this.send(`refund ${id}`), list: () => [...this.#sent] }
  readonly nothing = null
  send(text: string): string {
    this.#sent.push(text)
    return text
  }
  list(): string[] {
    return [...this.#sent]
  }
}

function clientWith(names: readonly string[]) {
  const infos: unknown[] = []
  const effect = ((info: unknown, execute: () => unknown) => {
    infos.push(info)
    return execute()
  }) as EffectFunction
  const methods = Object.fromEntries(
    names.map((name) => [name, (...args: unknown[]) => ({ kind: name, intent: String(args[0]) })]),
  )
  return { client: wrapClient(new Client(), methods, effect), infos }
}

describe('a client of which methods are wrapped', () => {
  it('does by way of an effect what is named, at any depth, and as before what is not', async () => {
    const { client, infos } = clientWith(['send', 'refunds.create'])
    expect([await client.send('a'), await client.refunds.create('1')]).toEqual(['a', 'refund 1'])
    expect(infos).toEqual([
      { kind: 'send', intent: 'a' },
      { kind: 'refunds.create', intent: '1' },
    ])
    expect([client.list(), client.refunds.list()]).toEqual([
      ['a', 'refund 1'],
      ['a', 'refund 1'],
    ])
  })

  it('keeps its values, its class, and what it keeps private', () => {
    const { client } = clientWith(['send'])
    expect([client.region, client.retries, client.nothing]).toEqual(['eu', 1, null])
    expect([client.constructor, client instanceof Client]).toEqual([Client, true])
    // Taken off the client, as callers do.
    const { list } = client
    expect(list()).toEqual([])
    client.retries = 3
    expect(client.retries).toBe(3)
    expect(Reflect.get(client, Symbol.iterator)).toBeUndefined()
  })

  it.each([
    ['sned', 'wrap: the client has no method "sned"'],
    ['region', 'wrap: the client has no method "region"'],
    ['refunds.crate', 'wrap: the client has no method "refunds.crate"'],
    ['nothing.create', 'wrap: the client has no "nothing" that holds create'],
    ['region.create', 'wrap: the client has no "region" that holds create'],
    ['missing.create', 'wrap: the client has no "missing" that holds create'],
  ])('refuses %s', (name, message) => {
    expect(() => clientWith([name])).toThrow(message)
  })
})
