/** The data warehouse and the directory of the report scenarios, and what all of these have in common. */
import Anthropic from '@anthropic-ai/sdk'
import { type AgentContext, call, type GoalContext, say, script } from 'agent-chaos'
import type { Outcome } from '../agent/agent.js'
import { type WriteFile, writeWhole } from '../agent/atomic-file.js'
import { emptyMemory, equip, type Memory } from '../agent/means.js'
import { type Policy, policies } from '../agent/policy.js'
import { type Figures, reportAgent } from './agent.js'

const sales: Figures = { north: 1240, east: 980, south: 1775, west: 1102 }

interface Tools {
  figures(): Promise<Figures>
}

export const week = {
  task: 'Write the report on the sales of the week to report.md.',
  state: (): Memory => emptyMemory(),
  world: (): { tools: Tools } => ({ tools: { figures: async () => sales } }),
  model: script([
    call('figures', {}),
    call('write_report', { summary: 'Sales were good, in the south above all.', figures: { ...sales } }),
    say('The report is written.'),
  ]),
  goal: ({ files }: GoalContext<Memory>) => {
    const report = files.read('report.md') ?? ''
    const rows = Object.entries(sales).map(([region, amount]) => `| ${region} | ${amount} |`)
    return (
      report.startsWith('# Sales') && report.endsWith('End of report.\n') && rows.every((row) => report.includes(row))
    )
  },
  claims: ({ claim }: Outcome) => claim,
  budget: { reliability: 0.95, faultRate: 0.1, spend: { turns: 10, tokens: 50_000, usd: 0.25, seconds: 180 } },
}

/** The reporting agent, with parts of its policy, or the way it writes files, replaced. */
export function weekAgent(changed: Partial<Policy> = {}, write: WriteFile = writeWhole) {
  return ({ task, tools, state, files, signal }: AgentContext<Memory, Tools>) => {
    const policy = { ...policies.errand, ...changed }
    const means = equip({ client: new Anthropic(), policy, memory: state, signal })
    return reportAgent(means, { task, dir: files.dir, figures: () => tools.figures(), write })
  }
}
