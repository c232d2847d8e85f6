/**
 * What the selftest shows of the harness, as a table: the command that is shipped finds the bugs, and each becomes a row.
 * Apart from the script and from the test, which must not be able to tell two different stories.
 */
import type { BugReport, SelftestReport } from '../../harness/contracts/report/selftest-report.js'
import { agentChaos } from '../support/cli/command.js'

/** Looks for every planted bug with the built command, by its defaults. Throws where there is no report, or a file did not load. */
export async function detect(): Promise<readonly BugReport[]> {
  const { stdout, stderr, code } = await agentChaos(['selftest', '--trials', '0', '--json', '-'])
  if (code !== 0 && code !== 1) throw new Error(`agent-chaos ended with ${code}: ${stderr}`)
  const { bugs, failures } = JSON.parse(stdout) as SelftestReport
  const [failure] = failures
  if (failure) throw new Error(`${failure.environment.file}: ${failure.message}`)
  return bugs
}

const head = [
  'planted bug',
  'mistake',
  'caught by',
  'trials until found',
  'faults',
  'minimal plan',
  'fired as well',
] as const

/** The rows as a Markdown table. */
export function tableOf(bugs: readonly BugReport[]): string {
  const rows = bugs.map(({ name, mistake, invariant, found, invariants }) => {
    const others = invariants.filter((row) => row.verdict === 'violated' && row.name !== invariant)
    return [
      name,
      mistake ?? '',
      invariant,
      found ? String(found.afterTrials) : 'not found',
      found ? String(found.faults) : '',
      found ? `\`${found.plan}\`` : '',
      others.map((row) => row.name).join(', '),
    ]
  })
  const lines = [head, ['---', '---', '---', '--:', '--:', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

const markersOf = (name: string) => [`<!-- ${name} -->`, `<!-- /${name} -->`] as const

/** The table that stands between the markers of a name in `page`; `undefined` where they are missing. */
export function tableIn(page: string, name = 'detection'): string | undefined {
  const [from, to] = markersOf(name)
  const [, after] = page.split(from)
  const [table, rest] = after?.split(to) ?? []
  return rest === undefined ? undefined : table?.trim()
}

/** `page` with `table` between the markers of a name. Throws where they are missing. */
export function withTable(page: string, table: string, name = 'detection'): string {
  const [from, to] = markersOf(name)
  if (tableIn(page, name) === undefined) throw new Error(`expected ${from} and ${to} in the page, found none`)
  const [before = '', after = ''] = page.split(from)
  const [, rest = ''] = after.split(to)
  return `${before}${from}\n${table}\n${to}${rest}`
}
