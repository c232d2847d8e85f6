/** Proves that what went wrong in the field is found by the search alone, with its default options; and writes the page about it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Scenario } from '../../harness/contracts/scenario.js'
import { inProcess } from '../../harness/executors/in-process/executor.js'
import { search } from '../../harness/search/search.js'
import { root } from '../support/cli/command.js'

const folder = join(root, 'scenarios/museum')
const trialsMax = 300

const head = `# What went wrong in the field

Each row is a mistake that people made and reported in public. \`scenarios/museum\` tells it anew in an agent of a few
lines, wrong and repaired. The search finds each with its default options, and leaves the repaired one alone:
\`npx agent-chaos selftest scenarios/museum\`. A test writes this page.

| scenario | what happened | reported in | minimal plan | trials until found |
| --- | --- | --- | --- | --: |
`

it('each is found, its twin is left alone, and docs/museum.md tells of it', async () => {
  const rows: string[] = []
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, file), 'utf8')
    const [, mistake] = /^\/\*\* Wrong on purpose: (.*)\. \*\/$/m.exec(text) ?? []
    const [, origin] = /^\/\/ As reported in (.*), told anew\.$/m.exec(text) ?? []
    const { default: scenario } = (await import(join(folder, file))) as { readonly default: Scenario }
    const { verdict, violations } = await searchIn(scenario)
    expect([scenario.name, verdict]).toEqual([file.slice(0, -'.ts'.length), 'passed'])
    const caught = violations.find(({ invariant }) => invariant === scenario.expect?.violates)
    const repaired = { ...scenario, ...scenario.repaired, expect: null, repaired: null }
    expect([scenario.name, (await searchIn(repaired)).violations]).toEqual([scenario.name, []])
    rows.push(`| ${scenario.name} | ${mistake} | ${origin} | \`${caught?.trial.plan}\` | ${caught?.foundAfterTrials} |`)
  }
  await expect(`${head}${rows.join('\n')}\n`).toMatchFileSnapshot('../../docs/museum.md')
})

function searchIn(scenario: Scenario) {
  return search(inProcess(scenario), { seed: 1, trialsMax, command: () => '' })
}
