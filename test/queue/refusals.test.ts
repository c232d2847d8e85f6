/** Servers that cannot hold a queue, each refused with what is wrong before anything is run. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

let server: Server

/** Answers whatever comes; returns its port. */
async function serve(answer: (commands: string) => string | undefined): Promise<number> {
  server = createServer((socket) => {
    socket.on('data', (data) => {
      const text = answer(String(data))
      if (text === undefined) socket.resetAndDestroy()
      else socket.write(text)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { readonly port: number }).port
}

/** As a Redis of that version, which knows no other command. */
function answerAs(version: string): (commands: string) => string {
  const info = `redis_version:${version}\r\n`
  return (commands) =>
    commands
      .split(/\*\d+\r\n/)
      .slice(1)
      .map((command) => (/\binfo\b/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n'))
      .join('')
}

/** As PostgreSQL refuses a connection. */
function refusal(code: string, message: string): string {
  const body = `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`
  const head = Buffer.from('E....')
  head.writeInt32BE(body.length + 4, 1)
  return head.toString('latin1') + body
}

afterEach(() => {
  server.close()
})

describe('a server that cannot hold a queue', () => {
  it('is an old Redis', async () => {
    const port = await serve(answerAs('4.0.9'))
    const { code, stderr } = await agentChaos(['list', '--queue', `redis://127.0.0.1:${port}`])
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is too old: expected Redis 5\.0/),
    })
  })

  it('is one that speaks TLS alone, where it is asked without', async () => {
    const port = await serve(() => undefined)
    const { code, stderr } = await agentChaos(['list', '--queue', `redis://127.0.0.1:${port}`])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/expected rediss:\/\//) })
  })

  it('is waited for while it says that it is starting', async () => {
    let asked = 0
    const port = await serve(() =>
      ++asked <= 3
        ? refusal('57P03', 'the database system is starting up')
        : refusal('28P01', 'password authentication failed'),
    )
    const { code, stderr } = await agentChaos(['list', '--queue', `postgres://127.0.0.1:${port}/x`])
    expect(code).toBe(2)
    expect(stderr).toMatch(/is waited for: the database system is starting up.*takes other credentials/s)
    expect(asked).toBeGreaterThan(3)
  })

  it('is one without TLS, where a database is asked by it', async () => {
    // What PostgreSQL says to one that asks whether it speaks TLS.
    const port = await serve(() => 'N')
    const { code, stderr } = await agentChaos(['list', '--queue', `postgres://127.0.0.1:${port}/x?sslmode=require`])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/does not speak TLS/) })
  })
})
