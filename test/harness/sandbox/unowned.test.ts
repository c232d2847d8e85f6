import { freemem } from 'node:os'
import { createContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installStubs } from '../../../harness/sandbox/ambient.js'
import { shared } from '../../../harness/sandbox/shared.js'
import { unownedOfTrial, watchUnowned } from '../../../harness/sandbox/stubs/unowned.js'
import { follow } from '../../support/sandbox/trial.js'

let uninstall = () => {}
beforeEach(() => {
  uninstall = installStubs()
})
afterEach(() => {
  uninstall()
  shared.unowned = undefined
})

/** What is told of a trial in which the agent does this. */
async function readingsOf(agent: () => unknown): Promise<readonly string[]> {
  await follow(async () => agent())
  return (unownedOfTrial() ?? []).map(({ what }) => what)
}

describe('readings of time and chance that no trial owns', () => {
  const agent = () => [process.memoryUsage().rss, freemem(), new Event('x').timeStamp, createContext({})]

  test('are told, each once for a place, with where they were made', async () => {
    watchUnowned('/')
    expect(await readingsOf(() => [agent(), agent()])).toEqual([
      'process.memoryUsage',
      'os.freemem',
      'Event.timeStamp',
      'vm.createContext',
    ])
    expect(unownedOfTrial()?.[0]?.stack[0]).toContain('unowned.test.ts:')
  })

  test('are not those of the trial before, nor what the seed owns', async () => {
    watchUnowned('/')
    await readingsOf(agent)
    expect(await readingsOf(() => [Date.now(), Math.random(), performance.now(), crypto.randomUUID()])).toEqual([])
  })

  test('are watched only where somebody asks', async () => {
    expect(await readingsOf(agent)).toEqual([])
  })
})
