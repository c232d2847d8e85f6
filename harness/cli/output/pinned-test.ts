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
  /** How the test itself is loaded. */
  readonly modules: 'ESM' | 'CommonJS'
  readonly typescript: boolean
}

export function pinnedTest(pinned: Pinned, runner: TestRunner): string {
  switch (runner) {
    case 'vitest':
      return forVitest(pinned)
    case 'node':
      return forNode(pinned)
    default:
      return forWorker(pinned, runner)
  }
}

const comment = `// Written by agent-chaos pin. The plan is what a search found and shrank; it is run every time.
// A plan that does not strike any more fails too: then pin what the search finds now, or delete this file.`

function headOf(): string {
  return `${comment}\n${load('agent-chaos/register')}`
}

/** Of a runner in whose process no trial can run: a worker process finds the scenario by its file. */
function forWorker(pinned: Pinned, runner: 'jest' | 'mocha'): string {
  const { name, scenario, plan, seed, modules, typescript } = pinned
  const isEsm = modules === 'ESM'
  const loadAny = isEsm || typescript ? load : requireFrom
  const file = isEsm ? `new URL(${quote(scenario)}, ${here})` : `require.resolve(${quote(scenario)})`
  const [test, end] = runner === 'mocha' ? ['it', '.timeout(0)'] : ['test', '']
  return `${comment}
${loadAny('node:assert/strict', '{ ok }')}
${loadAny('agent-chaos', '{ runTrial, verdictOf }')}

${test}(${quote(titleOf(name, plan))}, async () => {
  const trial = await runTrial(${file}, { seed: ${seed}, plan: ${quote(plan)} })
${checksOf(pinned, 'ok')}
})${end}
`
}

/** In pieces, for the build puts a module's own place where it finds the whole. */
const here = ['import.meta', 'url'].join('.')

function requireFrom(module: string, names?: string): string {
  return `const ${names} = require(${quote(module)})`
}

function checksOf({ invariants }: Pinned, assert: string): string {
  return `  for (const invariant of [${invariants.map(quote).join(', ')}]) {
    const verdict = verdictOf(trial, invariant)
    // 'vacuous': nothing in the trial called for the rule, so that nothing broke it.
    ${assert}(['held', 'vacuous'].includes(verdict.kind), \`\${invariant}: \${JSON.stringify(verdict, null, 2)}\`)
  }`
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

function forNode(pinned: Pinned): string {
  const { name, scenario, plan, seed } = pinned
  return `${headOf()}
${load('node:assert/strict', 'assert')}
${load('node:test', '{ test }')}
${load('agent-chaos', '{ runTrial, verdictOf }')}
${load(scenario, 'scenario')}

test(${quote(titleOf(name, plan))}, async () => {
  const trial = await runTrial(scenario, { seed: ${seed}, plan: ${quote(plan)} })
${checksOf(pinned, 'assert.ok')}
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
