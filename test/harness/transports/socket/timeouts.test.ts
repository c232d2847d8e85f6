/** Timeouts of sockets in a trial: virtual where nothing real is beneath them, Node's own where something is. */
import net, { type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installStubs } from '../../../../harness/sandbox/ambient.js'
import { follow } from '../../../support/sandbox/trial.js'

let uninstall = () => {}
beforeAll(() => {
  uninstall = installStubs()
})
afterAll(() => uninstall())

test('a socket without a connection times out in virtual time, and tells its listener', async () => {
  const { answer, endedAtMs } = await follow(
    () =>
      new Promise<number>((resolve) => {
        const socket = new net.Socket()
        socket.setTimeout(90_000, () => resolve(socket.timeout ?? 0))
      }),
  )
  expect([answer, endedAtMs]).toEqual([90_000, 90_000])
})

test('a timeout that is set anew counts from then, and one of 0 is none', async () => {
  const { answer } = await follow(async (clock) => {
    const fired: number[] = []
    const note = () => void fired.push(clock.now())
    const [renewed, ended, gone] = [new net.Socket(), new net.Socket(), new net.Socket()]
    for (const socket of [renewed, ended, gone]) socket.setTimeout(1_000, note)
    await clock.sleep(500)
    renewed.setTimeout(1_000)
    ended.setTimeout(0, note)
    gone.destroy()
    await clock.sleep(5_000)
    return [...fired, ended.timeout, ended.listenerCount('timeout')]
  })
  expect(answer).toEqual([1_500, 0, 0])
})

test('what is no timeout is refused in the words of Node', async () => {
  const { error } = await follow(async () => new net.Socket().setTimeout('soon' as never))
  expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
})

test('a socket that is destroyed leaves no timer behind', async () => {
  const { answer } = await follow(async (clock) => {
    const socket = new net.Socket()
    socket.setTimeout(1_000)
    socket.destroy()
    await new Promise((resolve) => socket.once('close', resolve))
    return clock.nextAt()
  })
  expect(answer).toBeUndefined()
})

test('a socket on loopback keeps the timeout of Node, and virtual time stands still', async () => {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { end, endedAtMs } = await follow(
    () =>
      new Promise<void>((resolve) => {
        const socket = net.connect(port, '127.0.0.1')
        socket.setTimeout(20, () => resolve(void socket.destroy()))
      }),
  )
  expect([end, endedAtMs]).toEqual([{ kind: 'settled' }, 0])
  await new Promise((resolve) => server.close(resolve))
})
