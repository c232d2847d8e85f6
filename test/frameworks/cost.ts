/**
 * What a trial costs, beside its floor: the same agent with the same answers of the model, without a harness. What came
 * over the wire in a trial is kept and played back to it.
 */
import { type AnyScenario, runTrial } from 'agent-chaos'
import type { Cost } from './measured.js'

interface Exchange {
  readonly url: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

type Fetch = typeof globalThis.fetch

const rounds = 15
const each = 20

export async function costOf(scenario: AnyScenario): Promise<Cost> {
  const kept = await record(scenario)
  const floor = () => play(scenario, kept)
  const trial = () => runTrial(scenario)
  for (let n = 0; n < 3 * each; n++) {
    await floor()
    await trial()
  }
  const seen: { readonly floor: number; readonly trial: number }[] = []
  for (let round = 0; round < rounds; round++) seen.push({ floor: await cpuMs(floor), trial: await cpuMs(trial) })
  return { trialMs: median(seen.map((one) => one.trial)), floorMs: median(seen.map((one) => one.floor)) }
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let n = 0; n < each; n++) await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / each
}

/** Runs the agent in a trial, and keeps what its requests were answered. */
async function record(scenario: AnyScenario): Promise<readonly Exchange[]> {
  const kept: Exchange[] = []
  const agent: AnyScenario['agent'] = async (context) => {
    const before = globalThis.fetch
    const recording: Fetch = async (...args) => {
      const response = await before(...args)
      const body = await response.text()
      const headers = [...response.headers]
      kept.push({ url: urlOf(args[0]), status: response.status, headers, body })
      return new Response(body, { status: response.status, headers })
    }
    globalThis.fetch = recording
    try {
      return await scenario.agent(context)
    } finally {
      globalThis.fetch = before
    }
  }
  const { trace } = await runTrial({ ...scenario, agent })
  if (trace.goal !== true || kept.length === 0) throw new Error(`${scenario.name}: nothing was recorded`)
  return kept
}

/** The agent with a `fetch` in memory that parses what it is sent, as any fake must, and plays back what was kept. */
async function play(scenario: AnyScenario, kept: readonly Exchange[]): Promise<void> {
  const before = globalThis.fetch
  const left = [...kept]
  const playing: Fetch = async (input, init) => {
    // Telemetry and the like asks for other things.
    const at = left.findIndex(({ url }) => url === urlOf(input))
    const [exchange] = at < 0 ? [] : left.splice(at, 1)
    if (!exchange) return new Response('', { status: 404 })
    JSON.parse(await new Response(input instanceof Request ? input.body : init?.body).text())
    const { status, headers, body } = exchange
    return new Response(body, { status, headers: headers as [string, string][] })
  }
  globalThis.fetch = playing
  try {
    const same = <T>(value: T) => value
    const context = { task: scenario.task, state: scenario.state(), tools: {}, instrument: same, wrap: same }
    await scenario.agent({ ...context, signal: new AbortController().signal } as never)
  } finally {
    globalThis.fetch = before
  }
  if (left.length > 0) throw new Error(`${scenario.name}: ${left.length} answers were not asked for`)
}

const urlOf = (input: Parameters<Fetch>[0]) => (input instanceof Request ? input.url : String(input))

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
