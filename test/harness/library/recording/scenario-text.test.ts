import { expect, it } from 'vitest'
import { scenarioText } from '../../../../harness/library/recording/scenario-text.js'

const agent = { file: '/shop/src/agent.ts', export: 'refundAgent', takes: 'task' as const }
const options = {
  name: 'refund',
  task: 'Refund it.',
  file: '/shop/scenarios/refund.chaos.ts',
  recording: '/shop/scenarios/refund.recording.json',
  agent,
}

it.each([
  [agent, "import { refundAgent } from '../src/agent.js'", 'agent: ({ task }) => refundAgent(task),'],
  [{ ...agent, takes: 'context' as const }, "import { refundAgent } from '../src/agent.js'", 'agent: refundAgent,'],
  [{ ...agent, export: 'default' }, "import agent from '../src/agent.js'", 'agent: ({ task }) => agent(task),'],
  [{ ...agent, export: 'default', takes: 'context' as const }, "import agent from '../src/agent.js'", '  agent,\n'],
  [{ ...agent, file: '/shop/scenarios/agent.mts' }, "from './agent.mjs'", 'refundAgent'],
  [{ ...agent, file: '/shop/agent.cjs' }, "from '../agent.cjs'", 'refundAgent'],
])('imports and calls the agent as a module of its kind does: %j', (agent, imported, called) => {
  const text = scenarioText({ ...options, agent })
  expect(text).toContain(imported)
  expect(text).toContain(called)
  expect(text).toContain("...recordingIn(new URL('./refund.recording.json', import.meta.url)),")
})

it('quotes whatever a task holds', () => {
  const task = 'It\'s "so":\n\\ `y`'
  const quoted = /task: (.*),\n/.exec(scenarioText({ ...options, task }))?.[1]
  expect(new Function(`return ${quoted}`)()).toBe(task)
})
