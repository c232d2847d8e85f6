/** The text of a test that holds one plan, for each runner. It fails where the plan does not strike any more: then it holds nothing. */
import type { TestRunner } from '../../contracts/test-runners.js'

export interface Pinned {
  /** Of the scenario. */
  readonly name: string
  /** Its file, from the test. */
  readonly scenario: string
  readonly plan: string
  readonly seed: number
  readonly invariants: readonly string[]
}

export function pinnedTest(pinned: Pinned, runner: TestRunner): string {
  return runner === 'vitest' ? forVitest(pinned) : forNode(pinned)
}

const head = `// Written by agent-chaos pin. The plan is what a search found and shrank; it is run every time.
// A plan that does not strike any more fails too: then pin what the search finds now, or delete this file.
import 'agent-chaos/register'`

function forVitest({ name, scenario, plan, seed, invariants }: Pinned): string {
  return `${head}
import { runTrial } from 'agent-chaos'
import 'agent-chaos/vitest'
import { expect, test } from 'vitest'
import scenario from ${quoted(scenario.replace(/\.([cm]?)tsx?$/, '.$1js'))}

test(${quoted(titleOf(name, plan))}, async () => {
  const trial = await runTrial(scenario, { seed: ${seed}, plan: ${quoted(plan)} })
${invariants.map((invariant) => `  expect(trial).toHold(${quoted(invariant)})`).join('\n')}
})
`
}

function forNode({ name, scenario, plan, seed, invariants }: Pinned): string {
  return `${head}
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runTrial, verdictOf } from 'agent-chaos'
import scenario from ${quoted(scenario)}

test(${quoted(titleOf(name, plan))}, async () => {
  const trial = await runTrial(scenario, { seed: ${seed}, plan: ${quoted(plan)} })
  for (const invariant of [${invariants.map(quoted).join(', ')}]) {
    const verdict = verdictOf(trial, invariant)
    // 'vacuous': nothing in the trial called for the rule, so that nothing broke it.
    assert.ok(['held', 'vacuous'].includes(verdict.kind), \`\${invariant}: \${JSON.stringify(verdict, null, 2)}\`)
  }
})
`
}

function titleOf(name: string, plan: string): string {
  return `${name} withstands ${plan}`
}

/** As a literal in single quotes. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
