/** nock, which catches `fetch` and `node:http`. */
import nock from 'nock'
import type { Sides } from '../measuring/process.js'
import { answerTo } from '../scenarios/six-calls.js'
import { converse, json, origin, path } from './set-up.js'

export const sides: Sides = async () => {
  const reply = (_uri: string, body: unknown) => answerTo(JSON.stringify(body))
  nock(origin).persist().post(path).reply(200, reply, json)
  return { nock: () => converse() }
}
