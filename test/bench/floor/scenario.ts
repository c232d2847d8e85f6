/**
 * The floor of a scenario's trial: its agent with its SDK, its spans and the answers of a trial, and no harness. What is above it
 * is what agent-chaos costs.
 */
import { readFileSync } from 'node:fs'
import type { AnyScenario, EffectFunction } from 'agent-chaos'
import type { WireRecord } from '../../../harness/contracts/wire.js'
import type { Sides } from '../measuring/process.js'
import { skipWaits } from './clock.js'
import { playBack } from './playback.js'
import { keepSpans } from './spans.js'

/** `wire` is a file of what passed over the wire, as JSON. */
export const sides: Sides = async (file = '', wire = '') => {
  skipWaits()
  const countSpans = keepSpans()
  const { fetch, rewind } = playBack(JSON.parse(readFileSync(wire, 'utf8')) as readonly WireRecord[])
  globalThis.fetch = fetch
  const { default: scenario } = (await import(file)) as { readonly default: AnyScenario }
  const floor = async () => {
    const result = await startAgent(scenario)
    rewind()
    if (scenario.claims?.(result) !== 'success') throw new Error(`${scenario.name}: the agent failed on its floor`)
    if (countSpans() === 0) throw new Error(`${scenario.name}: the agent made no spans`)
  }
  return { floor }
}

const effect = (async (info: { readonly steps?: readonly (() => unknown)[] }, apply?: () => unknown) =>
  info.steps ? Promise.all(info.steps.map((step) => step())) : apply?.()) as EffectFunction

/** In its own world, whose services are not asked: their answers are among those of the trial. */
async function startAgent(scenario: AnyScenario): Promise<unknown> {
  const state = scenario.state()
  const http = { service: () => {} }
  const { tools } = scenario.world({ state, effect, http, faultLanded: () => false } as never)
  const observe = { cockatiel: () => {} }
  const { signal } = new AbortController()
  return scenario.agent({ task: scenario.task, tools: tools ?? {}, state, signal, observe, fetch, attempt: 1 } as never)
}
