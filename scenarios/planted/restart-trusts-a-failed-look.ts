/** Wrong on purpose: started again, it looks whether the mail went out, and takes a look that fails for a no. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again } from '../small/again.js'

interface Tools {
  mail(): Promise<unknown>
  wasMailed(): Promise<boolean>
}

const mailer = (look: (wasMailed: () => Promise<boolean>) => Promise<boolean>) => {
  return async ({ tools, attempt }: AgentContext<{ mailed: number }, Tools>): Promise<string> => {
    const isDone = attempt > 1 && (await look(tools.wasMailed))
    if (!isDone) await tools.mail()
    return 'The mail went out.'
  }
}

export default defineScenario({
  name: 'restart-trusts-a-failed-look',
  task: 'Send the mail.',
  state: () => ({ mailed: 0 }),
  world: ({ state, effect }: WorldContext<{ mailed: number }>): { tools: Tools } => ({
    tools: {
      mail: () =>
        effect({ kind: 'mail', intent: 'news' }, () => {
          state.mailed++
        }),
      wasMailed: async () => state.mailed > 0,
    },
  }),
  model: script([say('not asked')]),
  agent: mailer((wasMailed) => wasMailed().catch(() => false)),
  goal: ({ state }) => state.mailed > 0,
  intents: [{ kind: 'mail', id: 'news' }],
  faults: ['process/crash', 'tool/unavailable'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: mailer((wasMailed) => again(wasMailed)) },
})
