/** aimock: a server on this machine that knows the vendors' formats. */
import { LLMock } from '@copilotkit/aimock'
import type { Sides } from '../measuring/process.js'
import { converse } from './set-up.js'

const steps = 5

export const sides: Sides = async () => {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' })
  for (let step = 0; step < steps; step++) {
    mock.on({ turnIndex: step }, { toolCalls: [{ name: 'look', arguments: JSON.stringify({ step }) }] })
  }
  mock.on({ turnIndex: steps }, { content: 'Done.' })
  await mock.start()
  return { aimock: () => converse({ baseURL: mock.url }) }
}
