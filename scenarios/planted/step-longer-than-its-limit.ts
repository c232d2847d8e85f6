/** Wrong on purpose: mail and report are one step, noted at its end; ended at a time limit, the step mails again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

const reportMs = 240_000

interface Memory {
  mailed: number
  note: '' | 'mailed' | 'reported'
}

interface Tools {
  mail(): Promise<unknown>
}

const worker = (notesMail: boolean) => {
  return async ({ tools, state }: AgentContext<Memory, Tools>): Promise<string> => {
    if (state.note === '') {
      await tools.mail()
      if (notesMail) state.note = 'mailed'
    }
    await sleep(reportMs)
    state.note = 'reported'
    return 'It was mailed and reported.'
  }
}

export default defineScenario({
  name: 'step-longer-than-its-limit',
  task: 'Mail the figures and report on them.',
  state: (): Memory => ({ mailed: 0, note: '' }),
  world: ({ state, effect }: WorldContext<Memory>): { tools: Tools } => ({
    tools: {
      mail: () =>
        effect({ kind: 'mail', intent: 'figures' }, () => {
          state.mailed++
        }),
    },
  }),
  model: script([say('not asked')]),
  agent: worker(false),
  goal: ({ state }) => state.mailed > 0 && state.note === 'reported',
  intents: [{ kind: 'mail', id: 'figures' }],
  faults: ['process/time-limit'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: worker(true) },
})
