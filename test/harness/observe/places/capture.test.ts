import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../../../harness/contracts/trace.js'
import { defineScenario, say, script } from '../../../../harness/index.js'
import { runOne } from '../../../../harness/trial/trial.js'

const url = 'http://payments.example.com/charges'

function post(): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .request(url, { method: 'POST' }, (response) =>
        response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      )
      .on('error', reject)
      .end('{}')
  })
}

function scenarioOf(agent: () => Promise<unknown>) {
  return defineScenario({
    name: 'placed',
    task: 'Pay.',
    state: (): unknown => null,
    world: ({ http }) => {
      http.service('http://payments.example.com', () => ({ json: {} }))
      return { tools: {} as unknown }
    },
    model: script([say('unused')]),
    agent,
    goal: () => true,
    invariants: [],
  })
}

/** Of the line below the one that it is called on. */
function below(): number {
  const [, line] = /capture\.test\.ts:(\d+)/.exec(new Error('here').stack?.split('\n')[2] ?? '') ?? []
  return Number(line) + 1
}

async function placesOf(agent: () => Promise<unknown>) {
  const scenario = scenarioOf(agent)
  const { trace } = await runOne(scenario, { plan: [], seed: 1 })
  const watched = await runOne(scenario, { plan: [], seed: 1, places: true })
  expect(digestOf(watched.trace)).toBe(digestOf(trace))
  return watched.places ?? []
}

const isAt = (line: number) => expect.stringMatching(new RegExp(`capture\\.test\\.ts:${line}$`))

describe('the place of a call', () => {
  it('is where the agent made it, though its client goes by a socket', async () => {
    let line = 0
    const places = await placesOf(async () => {
      line = below()
      await post()
    })
    expect(places).toHaveLength(1)
    expect([isAt(line), expect.stringMatching(/capture\.test\.ts:1\d$/)]).toContainEqual(places[0]?.where)
  })

  it('is that of each call where many are under way', async () => {
    let line = 0
    const places = await placesOf(async () => {
      line = below()
      const one = fetch(url, { method: 'POST', body: '1' })
      const other = fetch(url, { method: 'POST', body: '2' })
      await Promise.all([one, other])
    })
    expect(places.map(({ where }) => where)).toEqual([isAt(line), isAt(line + 1)])
  })

  it('is told of an error with its frames', async () => {
    let line = 0
    const places = await placesOf(async () => {
      await Promise.resolve()
      line = below()
      throw new Error('broken')
    })
    expect(places).toEqual([{ event: expect.any(Number), where: isAt(line), frames: [expect.stringMatching(/:\d+$/)] }])
  })
})
