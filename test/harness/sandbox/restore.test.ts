import crypto, * as cryptoNames from 'node:crypto'
import fs, * as fsNames from 'node:fs'
import { open } from 'node:fs/promises'
import net from 'node:net'
import timers, * as timerNames from 'node:timers'
import timerPromises from 'node:timers/promises'
import workers from 'node:worker_threads'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { installStubs } from '../../../harness/sandbox/ambient.js'
import { follow } from '../../support/sandbox/trial.js'

const handle = await open(process.execPath)
await handle.close()
// Loads undici, which leaves its dispatcher on the global object for good.
new Response()

const owners: Record<string, object> = {
  globalThis,
  Date,
  'Date.prototype': Date.prototype,
  Math,
  performance: Object.getPrototypeOf(performance),
  process,
  hrtime: process.hrtime,
  AbortSignal,
  timers,
  timerNames,
  timerPromises,
  scheduler: Object.getPrototypeOf(timerPromises.scheduler),
  crypto,
  cryptoNames,
  'Crypto.prototype': Object.getPrototypeOf(globalThis.crypto),
  'SubtleCrypto.prototype': Object.getPrototypeOf(globalThis.crypto.subtle),
  fs,
  fsNames,
  'fs.promises': fs.promises,
  FileHandle: Object.getPrototypeOf(handle),
  zlib,
  'MessagePort.prototype': MessagePort.prototype,
  'BroadcastChannel.prototype': BroadcastChannel.prototype,
  'net.Server.prototype': net.Server.prototype,
  workers,
}

/** Every own property of every owner, by what it holds. */
function snapshot(): Map<string, unknown> {
  const held = new Map<string, unknown>()
  for (const [name, owner] of Object.entries(owners)) {
    for (const key of Reflect.ownKeys(owner)) {
      const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(owner, key) ?? {}
      const path = `${name}.${String(key)}`
      held.set(`${path} value`, value).set(`${path} get`, get).set(`${path} set`, set)
      held.set(`${path} flags`, JSON.stringify(flags))
    }
  }
  return held
}

function differences(left: Map<string, unknown>, right: Map<string, unknown>): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((path) => !Object.is(left.get(path), right.get(path)))
}

test('no global and no built-in differs after the stubs were installed, used and taken away', async () => {
  const before = snapshot()
  const uninstall = installStubs()
  const during = differences(before, snapshot())
  await follow(async () => {
    await (await open(process.execPath)).close()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  })
  uninstall()
  expect(during).toContain('globalThis.Date value')
  expect(during).toContain('fsNames.readFile value')
  expect(during.length).toBeGreaterThan(100)
  expect(differences(before, snapshot())).toEqual([])
})

test('a replacement that somebody else put upon a stub stays when the stubs go', () => {
  const original = Math.random
  const uninstall = installStubs()
  const stub = Math.random
  const theirs = () => stub()
  Math.random = theirs
  uninstall()
  expect(Math.random).toBe(theirs)
  expect(theirs()).toBeLessThan(1)
  Math.random = original
})
