/** Wrong on purpose: it has the file for thirty seconds, is sure to be in time, and nobody looks whether it was. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { within } from '../small/again.js'

interface Shelf {
  until: number
  text: string
  /** Written when the file may have been somebody else's. */
  overwrote: boolean
}

interface Tools {
  lease(): Promise<unknown>
  compose(): Promise<string>
  write(text: string): Promise<unknown>
}

const [leaseMs, layoutMs, deadlineMs] = [30_000, 5, 30 * 60_000]

async function agent({ tools }: AgentContext<Shelf, Tools>): Promise<string> {
  await within(deadlineMs, tools.lease())
  const text = await within(leaseMs, tools.compose())
  await sleep(layoutMs)
  await within(deadlineMs, tools.write(text))
  return 'It is written.'
}

const shelf = (fences: boolean) => {
  return ({ state }: WorldContext<Shelf>): { tools: Tools } => ({
    tools: {
      lease: async () => {
        state.until = Date.now() + leaseMs
      },
      compose: async () => 'the text',
      write: async (text) => {
        const isLate = Date.now() > state.until
        if (isLate && fences) throw Object.assign(new Error('the lease is over'), { status: 409 })
        state.overwrote ||= isLate
        state.text = text
      },
    },
  })
}

export default defineScenario({
  name: 'writes-after-its-lease',
  task: 'Write the text into the shared file.',
  state: (): Shelf => ({ until: 0, text: '', overwrote: false }),
  world: shelf(false),
  model: script([say('not asked')]),
  agent,
  goal: ({ state }) => state.text !== '' && !state.overwrote,
  faults: ['tool/slow'],
  expect: { violates: 'no-invented-success' },
  repaired: { world: shelf(true) },
})
