/** Puts each agent of the hostile corpus into a run, with a probe behind it, and says what did not stay as it was. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Report, ScenarioReport } from '../../../harness/contracts/report/report.js'
import { agentChaos, root } from './command.js'

export interface CorpusRun {
  readonly report: Report
  readonly stderr: string
  /** Of the probes behind the agents, by agent. */
  readonly probes: ReadonlyMap<string, ScenarioReport>
  /** Of the agents themselves. */
  readonly agents: ReadonlyMap<string, ScenarioReport>
  /** What the probe comes to where nobody was before it; by its events, for its digest has its name in it. */
  readonly alone: ScenarioReport | undefined
  /** Names of what was left in the folder for temporary files, and of processes that are still there. */
  readonly left: readonly string[]
}

export async function runCorpus(names: readonly string[], options: readonly string[] = []): Promise<CorpusRun> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-corpus-'))
  const temporary = mkdtempSync(join(tmpdir(), 'agent-chaos-corpus-tmp-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const module = JSON.stringify(join(root, 'test/fixtures/corpus/scenarios.ts'))
  const write = (file: string, made: string) =>
    writeFileSync(join(folder, file), `import { agentOf, probe } from ${module}\nexport default ${made}\n`)
  write('000-alone.chaos.ts', `probe('alone')`)
  names.forEach((name, index) => {
    const number = String(index + 1).padStart(3, '0')
    write(`${number}-a.chaos.ts`, `agentOf(${JSON.stringify(name)})`)
    write(`${number}-b.chaos.ts`, `probe(${JSON.stringify(`behind: ${name}`)})`)
  })
  const json = join(folder, 'report.json')
  const bounds = ['--workers', '1', '--trials-max', '2', '--trial-timeout', '3', '--memory-max', '400']
  try {
    const { stderr } = await agentChaos(['run', '.', ...bounds, '--quiet', '--json', json, ...options], {
      cwd: folder,
      env: { TMPDIR: temporary },
    })
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report
    const scenarios = new Map(report.scenarios.map((scenario) => [scenario.name, scenario]))
    const byAgent = (of: (name: string) => string) =>
      new Map(
        names.flatMap((name) => (scenarios.has(of(name)) ? [[name, scenarios.get(of(name)) as ScenarioReport]] : [])),
      )
    // Who cleans up behind a run ends a moment after it.
    for (let look = 0; look < 100 && processesWith(temporary).length > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return {
      report,
      stderr,
      agents: byAgent((name) => name),
      probes: byAgent((name) => `behind: ${name}`),
      alone: scenarios.get('alone'),
      left: [...leftIn(temporary), ...processesWith(temporary)],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(temporary, { recursive: true, force: true })
  }
}

function leftIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name !== 'agent-chaos-compiled')
}

/** By their environment, which none of the agents changes for its children. */
function processesWith(temporary: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isOfIt = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(temporary)
        return isOfIt ? [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')] : []
      } catch {
        return []
      }
    })
}
