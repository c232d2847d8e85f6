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

function headOf(): string {
  return `// Written by agent-chaos pin. The plan is what a search found and shrank; it is run every time.
// A plan that does not strike any more fails too: then pin what the search finds now, or delete this file.
${load('agent-chaos/register')}`
}

function forVitest({ name, scenario, plan, seed, invariants }: Pinned): string {
  return `${headOf()}
${load('agent-chaos', '{ runTrial }')}
${load('agent-chaos/vitest')}
${load('vitest', '{ expect, test }')}
${load(scenario.replace(/\.([cm]?)tsx?$/, '.$1js'), 'scenario')}

test(${quote(titleOf(name, plan))}, async () => {
  const trial = await runTrial(scenario, { seed: ${seed}, plan: ${quote(plan)} })
${invariants.map((invariant) => `  expect(trial).toHold(${quote(invariant)})`).join('\n')}
})
`
}

function forNode({ name, scenario, plan, seed, invariants }: Pinned): string {
  return `${headOf()}
${load('node:assert/strict', 'assert')}
${load('node:test', '{ test }')}
${load('agent-chaos', '{ runTrial, verdictOf }')}
${load(scenario, 'scenario')}

test(${quote(titleOf(name, plan))}, async () => {
  const trial = await runTrial(scenario, { seed: ${seed}, plan: ${quote(plan)} })
  for (const invariant of [${invariants.map(quote).join(', ')}]) {
    const verdict = verdictOf(trial, invariant)
    // 'vacuous': nothing in the trial called for the rule, so that nothing broke it.
    assert.ok(['held', 'vacuous'].includes(verdict.kind), \`\${invariant}: \${JSON.stringify(verdict, null, 2)}\`)
  }
})
`
}

function load(module: string, names?: string): string {
  return names === undefined ? `import ${quote(module)}` : `import ${names} from ${quote(module)}`
}

function titleOf(name: string, plan: string): string {
  return `${name} withstands ${plan}`
}

/** As a literal in single quotes. */
function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
