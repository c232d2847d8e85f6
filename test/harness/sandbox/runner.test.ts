import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installStubs } from '../../../harness/sandbox/ambient.js'
import { real } from '../../../harness/sandbox/real.js'
import { holdBack, loopDrains } from '../../../harness/sandbox/runner.js'
import { follow } from '../../support/sandbox/trial.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs()
})
afterAll(() => uninstall())

test('the event loop of this test runner drains once its handles are held back', async () => {
  expect(await loopDrains()).toBe(true)
})

test('a trial runs in this test runner, and ten virtual minutes are over before its limit of real time', async () => {
  const trial = await follow(async () => {
    await new Promise((resolve) => setTimeout(resolve, 600_000))
    return Date.now()
  })
  expect(trial).toMatchObject({ end: { kind: 'settled' }, endedAtMs: 600_000 })
})

/** Missing from the types of Node 20. */
const hasRef = (port: object): unknown => Reflect.apply(Reflect.get(port, 'hasRef'), port, [])

test('a handle that the host keeps open is let go of for as long as it is held back', async () => {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', () => {})
  const undo = holdBack()
  const during = hasRef(port1)
  undo()
  const after = hasRef(port1)
  port1.close()
  port2.close()
  expect({ during, after }).toEqual({ during: false, after: true })
})

test('a server that only now finds its address is let go of too', async () => {
  const server = createServer()
  real.setTimeout(() => server.listen(0, '127.0.0.1'), 20)
  const drains = await loopDrains()
  server.close()
  expect(drains).toBe(true)
})

test('a process whose loop never drains is told so within the limit', async () => {
  const busy = real.setInterval(() => {}, 5)
  expect(await loopDrains(60)).toBe(false)
  real.clearInterval(busy)
  expect(await loopDrains()).toBe(true)
})
