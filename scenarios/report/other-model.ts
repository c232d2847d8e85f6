/**
 * The reporting agent with another way to ask the model. Apart, because what planted bugs do wrong with questions and
 * replies stands in a class of each, and the rest of the agent stays as it is.
 */
import Anthropic from '@anthropic-ai/sdk'
import type { AgentContext } from 'agent-chaos'
import { writeWhole } from '../agent/atomic-file.js'
import { equip, type Memory } from '../agent/means.js'
import type { Model, ModelOptions } from '../agent/model.js'
import { policies } from '../agent/policy.js'
import { type Figures, reportAgent } from './agent.js'

interface Tools {
  figures(): Promise<Figures>
}

export function agentAsking(Kind: new (options: ModelOptions) => Model) {
  return ({ task, tools, state, files, signal }: AgentContext<Memory, Tools>) => {
    const client = new Anthropic()
    const policy = policies.errand
    const means = equip({ client, policy, memory: state, signal })
    const endpoint = means.dependency('the model', { msMax: policy.answerEndsMsMax })
    const model = new Kind({ client, endpoint, policy, withSpan: means.withSpan, signal, watch: undefined })
    return reportAgent({ ...means, model }, { task, dir: files.dir, figures: () => tools.figures(), write: writeWhole })
  }
}
