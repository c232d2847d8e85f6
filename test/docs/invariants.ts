/** The reference page of invariants, made of what they say of themselves. Apart from the script and the test, which must agree. */
import type { Invariant } from '../../harness/contracts/invariant.js'
import { defaultInvariants, invariantCatalogue } from '../../harness/invariants/catalogue.js'
import { type Pair, tested } from './exemption-tests.js'

const head = `# Invariants

Made from the invariants themselves by \`npm run invariants\`. Do not edit it by hand.

An invariant is a pure function of a trial's trace. It is put to the test only where its antecedent came about. What it does not
count looks like a breach, and the agent could not have known better, or may be right. Each such exemption is about one crossing,
flow or time. It has two tests: one where it rightly excuses, and one a step beyond, where it does not.

\`agent-chaos explain NAME\` tells the same without the tests.`

const defaults = new Set(defaultInvariants.map(({ name }) => name))

/** The page. */
export function invariantsPage(): string {
  return `${[head, ...invariantCatalogue.map(entryOf)].join('\n\n')}\n`
}

/** The file of a test below the root, and its name. */
export function placeOf(invariant: string, test: string): { readonly file: string; readonly name: string } {
  const [name = '', file = invariant] = test.split(' | ').reverse()
  const path = file.startsWith('../') ? `test/harness/${file.slice(3)}` : `test/harness/invariants/${file}`
  return { file: `${path}.test.ts`, name }
}

function entryOf({ name, kind, promise, antecedent, example, remedy, exemptions = {} }: Invariant): string {
  const row = tested[name]
  const pairs = Object.entries(exemptions).flatMap(([exemption, reason]) => [
    `- \`${exemption}\`: ${reason}`,
    ...testLines(name, row?.exemptions[exemption], ['excused', 'one step beyond']),
  ])
  return [
    `## \`${name}\``,
    '',
    promise,
    '',
    `- **Example:** ${example}`,
    `- **Kind:** ${kind}, ${defaults.has(name) ? 'on by default' : 'listed by the scenario'}`,
    ...(remedy === undefined ? [] : [`- **What to do about a breach:** ${remedy}`]),
    `- **Put to the test:** ${antecedent}`,
    ...testLines(name, row?.antecedent, ['violated', 'otherwise']),
    '',
    pairs.length > 0 ? 'It does not count:' : 'It excuses nothing.',
    ...(pairs.length > 0 ? ['', ...pairs] : []),
  ].join('\n')
}

function testLines(invariant: string, pair: Pair | undefined, labels: readonly [string, string]): string[] {
  return (pair ?? []).map((test, side) => {
    const { file, name } = placeOf(invariant, test)
    return `  - ${labels[side]}: "${name}", in [${file.replace('test/harness/', '')}](../${file})`
  })
}
