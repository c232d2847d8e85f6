/** Wrong on purpose: a whole agent runs in one durable step, which is recorded at its end; a time limit ends it first, and it mails again. */
// As reported in recoupable/app#1918, told anew.
import { type AgentContext, defineScenario, say, script, type WorldContext } from 'agent-chaos'
import { again } from '../small/again.js'
import { askText } from './wires/openai.js'

interface Platform {
  mailed: number
  /** What the workflow's engine has recorded: the results of steps that came to their end. */
  readonly steps: Record<string, string>
}

interface Tools {
  mail(mail: { readonly text: string; readonly key?: string }): Promise<unknown>
}

const runId = 'run-7'

type Step = (name: string, work: () => Promise<string>) => Promise<string>

const write = () => again(() => askText('Write the weekly report.'))
const summarise = (report: string) => again(() => askText(`Put this into one line: ${report}`))

/** Wrong: nothing is recorded before all of it is done. */
const inOneStep = (step: Step, mail: Tools['mail']) =>
  step('report', async () => {
    const report = await write()
    await mail({ text: report })
    return summarise(report)
  })

const inThreeSteps = async (step: Step, mail: Tools['mail']) => {
  const report = await step('write', write)
  await step('mail', async () => String(await mail({ text: report, key: `${runId}/mail` })))
  return step('summarise', () => summarise(report))
}

const workflow = (run: typeof inOneStep) => {
  return ({ tools, state }: AgentContext<Platform, Tools>): Promise<string> =>
    run(async (name, work) => {
      state.steps[name] ??= await work()
      return state.steps[name]
    }, tools.mail)
}

export default defineScenario({
  name: 'the-whole-run-is-one-step',
  task: 'Mail the weekly report, and put it into one line.',
  state: (): Platform => ({ mailed: 0, steps: {} }),
  world: ({ state, effect }: WorldContext<Platform>): { tools: Tools } => ({
    tools: {
      mail: async ({ text, key }) => {
        await effect({ kind: 'mail', intent: runId, key, payload: text }, () => {
          state.mailed++
        })
        return 'mailed'
      },
    },
  }),
  model: script([say('All went well this week.')]),
  agent: workflow(inOneStep),
  goal: ({ state }) => state.mailed > 0,
  intents: [{ kind: 'mail', id: runId }],
  faults: ['process/time-limit', 'model/unavailable', 'model/rate-limited'],
  expect: { violates: 'effects-exactly-once' },
  repaired: { agent: workflow(inThreeSteps) },
})
