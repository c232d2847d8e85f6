/** A host process that has put nock to work for itself: its own answers stay, and the transport's come beside them. */
import http, { request as imported } from 'node:http'
import nock from 'nock'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { socket } from '../../../../harness/transports/socket/transport.js'
import { ask } from '../../../support/transports/node-client.js'
import { open } from '../../../support/transports/opened.js'

const ours = 'http://api.example.com'
const theirs = 'http://their.example.com'
const answer = {
  kind: 'answer',
  status: 200,
  headers: {},
  chunks: [{ afterMs: 0, text: 'ours' }],
  end: 'close',
} as const
const hand = {
  endpoint: (url: string) => (url.startsWith(ours) ? () => ({ delivery: answer, settle: () => {} }) : undefined),
}
const client = { sleep: () => Promise.resolve(), frozen: false }
const begin = () => open(socket, hand, client).stop

const order = {
  'before the stubs': () => {
    nock.activate()
    return begin()
  },
  'after the stubs': () => {
    const stop = begin()
    nock.activate()
    return () => {
      nock.restore()
      stop()
    }
  },
}

let stop = () => {}
nock.restore()
afterEach(() => {
  stop()
  nock.cleanAll()
  if (nock.isActive()) nock.restore()
})
afterAll(() => nock.restore())

describe.each(Object.entries(order))('nock that is at work for another, %s', (_name, put) => {
  test('leaves the transport its requests, by whichever way they come', async () => {
    stop = put()
    const ways = [
      await ask(`${ours}/a`),
      await ask(`${ours}/a`, { via: http.get }),
      await ask(`${ours}/a`, { via: imported }),
      await ask(`${ours}/a`, { agent: new http.Agent({ keepAlive: true }) }),
    ]
    expect(ways).toEqual(ways.map(() => ['answer 200', 'end ours']))
  })
})

test('nock that was at work before answers again when the transport is gone', async () => {
  stop = order['before the stubs']()
  nock(theirs).get('/').reply(201, 'theirs')
  await ask(`${ours}/a`)
  stop()
  expect(await ask(theirs)).toEqual(['answer 201', 'end theirs'])
})
