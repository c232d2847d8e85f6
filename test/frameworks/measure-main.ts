/**
 * `jiti test/frameworks/measure-main.ts FILE OUT`: watches the agent of one scenario in every situation, lets the search look
 * for its mistakes, and measures what a trial costs. In a process of its own, so that frameworks do not meet. Writes JSON.
 */
import 'agent-chaos/register'
import { writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type AnyScenario, assertResilient, isResilienceError, runTrial } from 'agent-chaos'
import { costOf } from './cost.js'
import type { Cell, Finding, Measured } from './measured.js'
import { situations } from './situations.js'
import { spansOf } from './spans.js'

const [file = '', out = ''] = process.argv.slice(2)
const { default: loaded } = (await import(file)) as { readonly default: AnyScenario }
/** The naive agent, as it is: no canary, so the search goes on once it has found one mistake. */
const scenario: AnyScenario = { ...loaded, expect: null, repaired: null }

/** By its folder and file: two folders may run the same scenario. */
const nameOf = (path: string) => `${basename(dirname(path))}/${basename(path, '.ts')}`

async function cells(isStreamed: boolean): Promise<Cell[]> {
  const found: Cell[] = []
  for (const { title, plan, tell, only } of Object.values(situations).flat()) {
    if (only !== undefined && (only === 'streamed') !== isStreamed) continue
    const { trace, faults } = await runTrial(scenario, { plan })
    const lack = faults.find(({ lack }) => lack !== undefined)?.lack
    const isMet = faults.some(({ status }) => status === 'landed')
    found.push({ title, text: isMet ? tell(trace) : `not met${lack ? `: ${lack}` : ''}` })
  }
  return found
}

async function findings(): Promise<Finding[]> {
  try {
    await assertResilient(scenario)
    return []
  } catch (error) {
    if (!isResilienceError(error)) throw error
    return error.report.violations.map(({ invariant, story, trial }) => ({ invariant, story, plan: trial.plan }))
  }
}

const { trace } = await runTrial(scenario)
const isStreamed = trace.events.some(
  (event) => event.kind === 'call' && event.request.kind === 'model' && event.request.stream,
)
const measured: Measured = {
  name: nameOf(file),
  isStreamed,
  baseline: trace.claim === 'success' && trace.goal === true,
  strays: trace.events.flatMap((event) => (event.kind === 'stray-request' ? [event.url] : [])),
  leftRunning: trace.events.flatMap((event) => (event.kind === 'left-running' ? [`${event.count} ${event.what}`] : [])),
  spans: await spansOf(scenario),
  cells: await cells(isStreamed),
  findings: await findings(),
  cost: await costOf(scenario),
}
writeFileSync(out, JSON.stringify(measured))
// Telemetry and the like may go on for ever.
process.exit(0)
