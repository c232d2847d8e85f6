/** A trial reaches this machine and nothing beyond: by no protocol, in no thread, and in no child process of Node. */
import { describe, expect, it } from 'vitest'
import type { Trace } from '../../harness/contracts/trace.js'
import { agentChaos } from '../support/cli/command.js'

interface Replay {
  readonly trace: Trace
  readonly notes: readonly string[]
}

const notFound = 'ENOTFOUND'
const unreachable = 'ENETUNREACH'
const expected = {
  tcp: notFound,
  tls: notFound,
  http2: notFound,
  https: notFound,
  fetch: notFound,
  udp: unreachable,
  'udp connect': unreachable,
  lookup: notFound,
  resolve: notFound,
  resolver: notFound,
  promise: notFound,
  'promised resolver': notFound,
  'loopback name': 'reached',
  'loopback udp': 'reached',
}

describe('an agent that reaches out', () => {
  it('reaches nothing but this machine, wherever it does so, and that is on record', async () => {
    const file = 'test/fixtures/network/beyond.chaos.ts'
    const { stdout, stderr } = await agentChaos(['replay', file, '--json', '-'])
    const { trace, notes } = JSON.parse(stdout) as Replay
    const claim = trace.events.find((event) => event.kind === 'claim')
    expect(claim?.kind === 'claim' && JSON.parse(String(claim.result)), stderr).toEqual({
      here: expected,
      thread: expected,
      child: expected,
      shell: expected,
    })
    const strays = trace.events.flatMap((event) =>
      event.kind === 'stray-request' ? [`${event.method} ${event.url}`] : [],
    )
    expect([...new Set(strays)].sort()).toEqual([
      'CONNECT http://192.0.2.1:8123',
      'CONNECT https://192.0.2.1:8123',
      'DNS dns:db.shop.example',
      'GET http://192.0.2.1:8123/',
      'GET https://192.0.2.1:8123/',
      'UDP udp://192.0.2.1:8123',
    ])
    expect(notes).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the name db.shop.example was not looked up'),
        expect.stringContaining('a datagram to udp://192.0.2.1:8123 was not sent'),
        expect.stringContaining('the agent started sh: no fault strikes there, and its network is not guarded'),
        expect.stringContaining('a thread ran beside the agent'),
      ]),
    )
  })
})
