/** What an agent works with, put together once per run: what outlives a single task, and what outlives a crash. */
import type Anthropic from '@anthropic-ai/sdk'
import { Dependency, type DependencyOptions, type Monitor, type Watch } from './dependency.js'
import { type Journal, type JournalRows, journalOver } from './journal.js'
import { Model } from './model.js'
import type { Policy } from './policy.js'
import { withSpan as inSpan, type WithSpan } from './telemetry.js'

/** Durable: kept by a database, say, and there again after a crash. */
export interface Memory {
  readonly journal: JournalRows
}

export const emptyMemory = (): Memory => ({ journal: {} })

export interface Means {
  readonly policy: Policy
  readonly journal: Journal
  readonly model: Model
  readonly withSpan: WithSpan
  readonly signal: AbortSignal
  /** A dependency under this policy, with a breaker of its own. */
  dependency(name: string, options?: Partial<DependencyOptions>): Dependency
}

export interface Equipment {
  readonly client: Anthropic
  readonly policy: Policy
  readonly memory: Memory
  /** Aborted when whoever gave the task wants nothing more of it. */
  readonly signal: AbortSignal
  /** Watches over the calls to the model, in all tasks. */
  readonly modelWatch?: Watch
  readonly monitor?: Monitor
  /** How spans are made. */
  readonly withSpan?: WithSpan
}

export function equip(equipment: Equipment): Means {
  const { client, policy, memory, signal, modelWatch, monitor, withSpan = inSpan } = equipment
  const dependency = (name: string, options?: Partial<DependencyOptions>) =>
    new Dependency(name, policy, { msMax: policy.toolMsMax, signal, ...(monitor && { monitor }), ...options })
  const endpoint = dependency('the model', { msMax: policy.answerEndsMsMax, waits: policy.waitsForModel })
  // The client would make a span of its own for every request; ours is for the question, whatever it takes.
  const quiet = client.withOptions({ openTelemetry: false })
  const model = new Model({ client: quiet, endpoint, policy, withSpan, signal, watch: modelWatch })
  return { policy, journal: journalOver(memory.journal), withSpan, signal, dependency, model }
}
