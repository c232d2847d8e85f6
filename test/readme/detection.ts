/**
 * What the canaries show of the harness: the command that is shipped runs them, and each becomes a row of a table. Apart
 * from the script and from the test, which must not be able to tell two different stories.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report, ScenarioReport } from '../../harness/report.js'
import { agentChaos, root } from '../cli/command.js'

/** One canary and how it was caught; `trials`, `faults` and `plan` are `undefined` where it was not. */
export interface Detection {
  readonly canary: string
  /** What it does wrong, as its file says. */
  readonly mistake: string
  readonly invariant: string
  /** Trials of the search until the violation was seen. */
  readonly trials: number | undefined
  /** Faults in the minimal plan. */
  readonly faults: number | undefined
  readonly plan: string | undefined
}

/** Runs every canary with the built command, by its defaults. Throws where there is no report, or a file did not load. */
export async function detect(): Promise<readonly Detection[]> {
  const { stdout, stderr, code } = await agentChaos(['run', 'scenarios/canaries', '--json', '-'])
  if (code !== 0 && code !== 1) throw new Error(`agent-chaos ended with ${code}: ${stderr}`)
  const { scenarios, failures } = JSON.parse(stdout) as Report
  const [failure] = failures
  if (failure) throw new Error(`${failure.environment.file}: ${failure.message}`)
  return scenarios.map(detection).sort((a, b) => (a.canary < b.canary ? -1 : 1))
}

function detection({ name, canary, verdict, violations, environment }: ScenarioReport): Detection {
  const found = verdict === 'passed' ? violations.find(({ invariant }) => invariant === canary) : undefined
  return {
    canary: name,
    mistake: mistakeIn(readFileSync(join(root, environment.file), 'utf8')),
    invariant: canary ?? '',
    trials: found?.foundAfterTrials,
    faults: found?.faults,
    plan: found?.trial.plan,
  }
}

/** What the first comment of a canary's source says after "Wrong on purpose". Throws where it says no such thing. */
export function mistakeIn(source: string): string {
  const comment = /^\/\*\*(.*?)\*\//s.exec(source)?.[1] ?? ''
  const text = comment.replaceAll(/\s+(?:\*\s+)?/g, ' ').trim()
  const mistake = /^Wrong on purpose: (.+?)\.?$/.exec(text)?.[1]
  if (mistake === undefined) throw new Error(`expected a first comment "Wrong on purpose: ...", got "${text}"`)
  return mistake
}

/** The rows as a Markdown table. */
export function tableOf(detections: readonly Detection[]): string {
  const rows = detections.map(({ canary, mistake, invariant, trials, faults, plan }) => [
    canary,
    mistake,
    invariant,
    trials === undefined ? 'not caught' : String(trials),
    String(faults ?? ''),
    plan === undefined ? '' : `\`${plan}\``,
  ])
  const head = ['canary', 'mistake', 'invariant', 'trials until found', 'faults', 'minimal plan']
  const lines = [head, ['---', '---', '---', '--:', '--:', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

const [from, to] = ['<!-- detection -->', '<!-- /detection -->']

/** The table that stands between the markers in `readme`; `undefined` where they are missing. */
export function tableIn(readme: string): string | undefined {
  const [, after] = readme.split(from)
  const [table, rest] = after?.split(to) ?? []
  return rest === undefined ? undefined : table?.trim()
}

/** `readme` with `table` between its markers. Throws where they are missing. */
export function withTable(readme: string, table: string): string {
  if (tableIn(readme) === undefined) throw new Error(`expected ${from} and ${to} in the README, found none`)
  const [before = '', after = ''] = readme.split(from)
  const [, rest = ''] = after.split(to)
  return `${before}${from}\n${table}\n${to}${rest}`
}
