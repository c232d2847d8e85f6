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
\`npx agent-chaos selftest scenarios/museum\`. What is missing stands below. A test writes this page.

| scenario | what happened | reported in | caught by | minimal plan | trials until found |
| --- | --- | --- | --- | --- | --: |
`

/** Reports of which nothing, or not all, is told. A row goes when its scenario comes. */
const tail = `
## What is not told, and why

| reported in | what it takes |
| --- | --- |
| unjs/jiti#366, evanw/esbuild#3767, privatenumber/tsx#347 | it is about loading and no agent; [a test](../test/harness/executors/workers/projects.test.ts) loads such projects |
| vitest-dev/vitest#7314 | it is about a test runner's fake timers and no agent; [a test](../test/library/fake-timers.test.ts) has trials refused beside them |
| srbhptl39/MCP-SuperAssistant#155, anthropics/claude-code#83655 | told over plain HTTP; the rest takes a boundary for MCP: late answers by their id, cancellations, progress |
| openclaw/openclaw#120386 | a boundary for child processes, which hold virtual time still |
| use-agent-os/agent-os#2472 | a calendar: each trial begins on one day, in the time zone of the process |
| langchain-ai/langgraph#8039 | a fault that lets the second of two writes reach the disk before the first |
| fastagent-sh/fastagent PR #26 | a simulated model that gives two calls one id |
`

it('each is found, its twin is left alone, and docs/museum.md tells of it', async () => {
  const rows: string[] = []
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()) {
    const text = readFileSync(join(folder, file), 'utf8')
    const [, mistake] = /^\/\*\* Wrong on purpose: (.*)\. \*\/$/m.exec(text) ?? []
    const [, origin] = /^\/\/ As reported in (.*), told anew\.$/m.exec(text) ?? []
    const { default: scenario } = (await import(join(folder, file))) as { readonly default: Scenario }
    const { verdict, violations } = await searchIn(scenario)
    expect([scenario.name, verdict]).toEqual([file.slice(0, -'.ts'.length), 'passed'])
    const caught = violations.find(({ invariant }) => invariant === scenario.expect?.violates)
    const repaired = { ...scenario, ...scenario.repaired, expect: null, repaired: null }
    expect([scenario.name, (await searchIn(repaired)).violations]).toEqual([scenario.name, []])
    const { invariant, trial, foundAfterTrials } = caught ?? {}
    rows.push(`| ${scenario.name} | ${mistake} | ${origin} | ${invariant} | \`${trial?.plan}\` | ${foundAfterTrials} |`)
  }
  await expect(`${head}${rows.join('\n')}\n${tail}`).toMatchFileSnapshot('../../docs/museum.md')
})

function searchIn(scenario: Scenario) {
  return search(inProcess(scenario), { seed: 1, trialsMax, command: () => '' })
}
