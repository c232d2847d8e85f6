/** Proves that a trial leaves memory when it is over, also where something in it never came to an end. */
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defineScenario, runTrial, say, script } from 'agent-chaos'
import { expect, it } from 'vitest'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const origin = 'https://api.example.com'

/** What every trial makes anew, and would hold as long as anything of the trial is held. */
let made: WeakRef<object>[] = []

const scenario = defineScenario({
  name: 'leaves-memory',
  task: 'Ping both.',
  state: () => {
    const state = { pings: 0 }
    made.push(new WeakRef(state))
    return state
  },
  world: ({ state, http }) => {
    http.service(origin, () => ({ json: { pings: ++state.pings } }))
    return { tools: { ping: async () => ++state.pings } }
  },
  model: script([say('Pinged.')]),
  agent: async ({ tools, attempt }) => {
    if (attempt > 1) return
    await Promise.race([tools.ping(), sleep(60_000)])
    await new Promise<void>((resolve) => {
      const sent = request(`${origin}/ping`, { method: 'POST' }, (response) => {
        response.resume()
        response.on('close', resolve)
      })
      sent.on('error', () => resolve())
      setTimeout(() => sent.destroy(), 60_000).unref()
      sent.end()
    })
  },
  goal: () => true,
})

it.each([
  ['nothing fails', ''],
  ['a tool hangs', 'tool:ping#1 = tool/hang'],
  ['a client gives up its request', 'http:*#1 = http/request-lost'],
  ['an answer stalls', 'http:*#1 = http/body-cut(how: "stall")'],
  ['the agent crashes in a tool', 'tool:ping#1 = process/crash'],
  ['the agent crashes with a request under way', 'http:*#1 = process/crash(phase: "during")'],
])('a trial is gone when it is over where %s', async (_, plan) => {
  made = []
  for (let seed = 1; seed <= 6; seed++) await runTrial(scenario, { plan, seed })
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  const held = made.filter((state) => state.deref() !== undefined).length
  expect(made.length).toBe(6)
  // Of the last one the caller may still hold something.
  expect(held).toBeLessThanOrEqual(1)
})
