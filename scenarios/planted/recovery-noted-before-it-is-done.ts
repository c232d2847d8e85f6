/** Wrong on purpose: started again it first notes that it has recovered; started once more it has nothing left to do. */
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'

interface Office {
  phase: 'new' | 'begun' | 'recovered'
  mailed: number
}

interface Tools {
  address(): Promise<string>
  mail(request: { readonly to: string; readonly key: string }): Promise<unknown>
}

const mailer = (believesIt: boolean) => {
  return async ({ tools, state }: AgentContext<Office, Tools>): Promise<string> => {
    if (state.phase === 'recovered' && believesIt) return 'The mail went out.'
    state.phase = state.phase === 'new' ? 'begun' : 'recovered'
    const to = await tools.address()
    await tools.mail({ to, key: 'the-mail' })
    return 'The mail went out.'
  }
}

export default defineScenario({
  name: 'recovery-noted-before-it-is-done',
  task: 'Send the mail.',
  state: (): Office => ({ phase: 'new', mailed: 0 }),
  world: ({ state, effect }: WorldContext<Office>): { tools: Tools } => ({
    tools: {
      address: async () => 'ann@example.com',
      mail: ({ key }) =>
        effect({ kind: 'mail', intent: 'news', key }, () => {
          state.mailed++
        }),
    },
  }),
  model: script([say('not asked')]),
  agent: mailer(true),
  goal: ({ state }) => state.mailed > 0,
  intents: [{ kind: 'mail', id: 'news' }],
  faults: ['process/crash'],
  expect: { violates: 'no-invented-success' },
  repaired: { agent: mailer(false) },
})
