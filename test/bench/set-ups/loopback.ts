/** A server of one's own on this machine, by `node:http`. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Sides } from '../measuring/process.js'
import { answerTo } from '../scenarios/six-calls.js'
import { converse, json } from './set-up.js'

export const sides: Sides = async () => {
  const server = createServer(async (request, response) => {
    response.writeHead(200, json).end(answerTo(await text(request)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { loopback: () => converse({ baseURL: `http://127.0.0.1:${port}` }) }
}
