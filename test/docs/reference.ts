/** The reference pages that are made of the code: what a scenario may say, faults, the command line, the report, the library. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../faults/catalogue.js'
import { describeFault } from '../../faults/fault.js'
import { expectation } from '../../faults/params/param.js'
import { exampleInjections } from '../../harness/cli/commands/explain.js'
import { commands } from '../../harness/contracts/options/row.js'
import { reportJsonSchema } from '../../harness/contracts/report/report.js'
import { classMeanings } from '../../reports/drawing/words.js'
import { root } from '../support/cli/command.js'
import type { Declaration, Declarations } from '../surface/declarations.js'
import { compile, entriesOf, surfaceOf } from '../surface/surface.js'
import { anchorOf, indexPage } from './index-page.js'
import { seenOf } from './seen.js'

/** By path from the root. Compiles, and asks the build for its help. */
export function referencePages(): ReadonlyMap<string, string> {
  const declarations = compile()
  const pages = new Map([
    ['docs/reference/scenario.md', scenarioPage(declarations)],
    ['docs/plans.md', plansPage()],
    ['docs/reference/faults.md', faultsPage()],
    ['docs/reference/command-line.md', commandLinePage()],
    ['docs/reference/report.md', reportPage()],
    ['docs/reference/api.md', apiPage(declarations)],
  ])
  return new Map([...pages, ['docs/README.md', indexPage(pages)]])
}

const page = (title: string, about: string, parts: readonly string[]) =>
  `${[`# ${title}`, `Made from the code by \`npm run reference\`. Do not edit it by hand.`, about, ...parts].join('\n\n')}\n`

const code = (text: string, language = 'ts') => `\`\`\`${language}\n${text}\n\`\`\``

/** What a scenario is made of, outermost first. */
const scenarioTypes = [
  'ScenarioOptions',
  'NamedIntent',
  'WorldContext',
  'World',
  'HttpWorld',
  'ServiceOptions',
  'TrialFiles',
  'EffectInfo',
  'AgentContext',
  'GoalContext',
  'Budget',
  'SpendLimits',
] as const

function scenarioPage(declarations: Declarations): string {
  const exported = new Map(entriesOf().flatMap((entry) => surfaceOf(declarations, entry)))
  const parts = scenarioTypes.map((name) => {
    const declaration = exported.get(name)
    if (!declaration) throw new Error(`no entry exports ${name}`)
    return [
      `## ${name}`,
      declaration.doc,
      membersOf(declaration, name === 'ScenarioOptions' ? fieldExamples() : undefined),
    ]
      .filter(Boolean)
      .join('\n\n')
  })
  return page('A scenario, field by field', 'A `?` marks what may be left out.', parts)
}

/** By field, as `every-field.ts` writes it. */
export function fieldExamples(): ReadonlyMap<string, string> {
  const source = readFileSync(join(root, 'test/docs/every-field.ts'), 'utf8')
  const [, body = ''] = source.split('ScenarioOptions<State, Tools>> = {\n')
  const fields = body.matchAll(/^ {2}(\w+): [\s\S]*?(?=\n {2}\w+: |\n\}\n)/gm)
  return new Map([...fields].map(([text, name = '']) => [name, text.replaceAll(/^ {2}/gm, '')]))
}

/** A list of the members of an interface, each with its docstring. */
function membersOf({ text }: Declaration, examples: ReadonlyMap<string, string> = new Map()): string {
  const members = text.matchAll(
    /^ {4}(?:\/\*\*([\s\S]*?)\*\/\n {4})?((?!\/)\S[^\n]*?(?:\{\n[\s\S]*?\n {4}\}[^\n]*)?);$/gm,
  )
  return [...members]
    .map(([, doc = '', member = '']) => {
      const said = doc.replaceAll(/\s*\n\s*\*? ?/g, ' ').trim()
      const [field = ''] = member.replace(/^readonly /, '').match(/^\w+/) ?? []
      const example = examples.get(field)
      return [
        `- \`${member.replaceAll(/\s+/g, ' ').replace(/^readonly /, '')}\`${said === '' ? '' : `: ${said}`}`,
        ...(example === undefined ? [] : ['', code(example).replaceAll(/^(?=.)/gm, '  '), '']),
      ].join('\n')
    })
    .join('\n')
}

function faultsPage(): string {
  const parts = catalogue.map((fault) => {
    const about = describeFault(fault)
    const { name, summary, class: kind, boundaries, params, needs, companion } = about
    return [
      `## ${name}`,
      '',
      summary,
      '',
      `- **Class:** ${kind}: ${classMeanings[kind]}`,
      `- **The agent's side sees:** ${seenBy(fault)}`,
      ...(name.startsWith('model/') ? [`- **On the wires:** [each API](../wires.md#${anchorOf(name)})`] : []),
      `- **Strikes:** ${boundaries.join(', ')}`,
      ...(needs.length > 0 ? [`- **Needs:** a crossing with ${needs.join(' and ')}`] : []),
      ...(companion ? ['- **Alone:** it means nothing; plan it beside another fault'] : []),
      ...Object.entries(params).map(
        ([param, one]) =>
          `- **\`${param}\`:** ${one.doc}; ${expectation(one)}; \`${JSON.stringify(one.default)}\` by default`,
      ),
      `- **In a plan:** ${exampleInjections(about)
        .map((example) => `\`${example}\``)
        .join(', ')}`,
    ].join('\n')
  })
  const about =
    'What each fault of a model is on the wire of each API stands in [wires](../wires.md), and what the SDKs see of it in ' +
    '[conformance](../conformance.md). How faults are put together is told by [plans](../plans.md).'
  return page('Faults', about, parts)
}

/** With default parameters. */
function seenBy({ params, action }: (typeof catalogue)[number]): string {
  const values = Object.fromEntries(Object.entries(params).map(([param, one]) => [param, one.default]))
  return [...new Set(action(values).map(seenOf))].join(' ')
}

/** The grammar is the parser's own: what it says of each rule. */
function plansPage(): string {
  const parser = readFileSync(join(root, 'faults/plan/parser.ts'), 'utf8')
  const rules = [...parser.matchAll(/^ ?(?:\/\*)?\*{1,2} (\w+) +(:= [^\n]*?)(?: \*\/)?$/gm)]
  const grammar = rules.map(([, name = '', rule]) => `${name.padEnd(12)}${rule}`).join('\n')
  return page('Plans', 'A plan is a list of faults in a text form that people can read, edit and paste:', [
    code(planExamples, 'text'),
    '`;` or a line break parts injections, and `// ...` is a comment. `n`, `m`, `k` and `e` are whole numbers from 1. A ' +
      'duration is `500ms`, `30s` or `2m`. What may stand for a fault is told by [faults](reference/faults.md).',
    '## What stands for what',
    planParts,
    '## Grammar',
    code(grammar, 'text'),
  ])
}

const planExamples = `tool:refund#1 = tool/reply-lost                      the first call of refund
tool:refund#1.* = tool/unavailable                   ... and every retry of it
model:*#3..5 = model/overloaded(retryAfter: "30")    the third to fifth turn
tool:search#2.. = tool/unavailable                   from the second call on
model:*#1 +30s = model/unavailable                   for thirty virtual seconds from there
tool:search#1 x3 = tool/unavailable                  three crossings in a row, retries too, and then none
tool:search#1../2 = tool/unavailable                 every other crossing
model:openai/*#1.. = model/timeout                   every model of one provider
{model:*, tool:*} @10s..40s = model/unavailable, tool/unavailable
tool:refund{orderId="42"}#1 = tool/duplicate         selected by argument`

const planParts = `- **\`tool:refund\`** is a site: a boundary and a target. \`*\` stands for any letters of a target.
- **\`{orderId="42"}\`** selects by what is asked. \`replay --help\` lists the fields of each boundary.
- **\`#1\`** is the first crossing there that is no retry; **\`#3..5\`** the third to the fifth; **\`#2..\`** all from the second on.
- **\`.2\`** behind it is the first retry of that crossing; **\`.*\`** is the crossing with all its retries.
- **\`#1 x3\`** is three crossings in a row; **\`/2\`** is every second one.
- **\`#1 +30s\`** is an outage that begins with that crossing; **\`@10s..40s\`** is a window of virtual time.
- **\`= a, b\`** plans two faults for one crossing. The first that ends it masks the rest.`

function commandLinePage(): string {
  const help = (...args: readonly string[]) => {
    const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80' }
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(root, 'dist/harness/cli/main.js'), ...args, '--help'],
      { cwd: root, encoding: 'utf8', env },
    )
    if (status !== 0) throw new Error(`--help of "${args.join(' ')}" ended with ${status}`)
    return code(stdout.trimEnd(), 'text')
  }
  const parts = commands.map((command) => `## ${command}\n\n${help(command)}`)
  return page('The command line', 'Each option has an entry of its own in [options](../options.md).', [
    help(),
    ...parts,
  ])
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly additionalProperties?: Schema | boolean
}

function reportPage(): string {
  const schema = reportJsonSchema() as Schema
  const about =
    'The shape of what `run --json` writes, as `agent-chaos/report.schema.json` has it. A name with `?` may be missing. What ' +
    'differs from run to run stands under `timing` and `environment` alone.'
  return page('The report', about, [fieldsOf(schema, 0).join('\n')])
}

/** Deeper than this the schema itself is the better reading. */
const depthMax = 4

function fieldsOf({ properties = {}, required = [] }: Schema, depth: number): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const isThere = required.includes(name)
    const said = field.description === undefined ? '' : `: ${field.description}`
    const line = `${'  '.repeat(depth)}- \`${name}${isThere ? '' : '?'}\` (${kindOf(field)})${said}`
    return [line, ...(depth < depthMax ? partsOf(field).flatMap((part) => fieldsOf(part, depth + 1)) : [])]
  })
}

/** What is within a field: of a list its items, of a choice those that have fields. */
function partsOf({ items, anyOf = [], oneOf = [], ...own }: Schema): readonly Schema[] {
  const choices = [...anyOf, ...oneOf].flatMap(partsOf)
  return [...(own.properties ? [own] : []), ...(items ? partsOf(items) : []), ...choices].slice(0, 1)
}

function kindOf({ type, items, anyOf, oneOf, ...own }: Schema): string {
  if (own.const !== undefined) return JSON.stringify(own.const)
  if (own.enum) return own.enum.map((value) => JSON.stringify(value)).join(', ')
  const choices = anyOf ?? oneOf
  if (choices) return [...new Set(choices.map(kindOf))].join(' or ')
  if (type === 'array') return items ? `array of ${kindOf(items)}` : 'array'
  return type === undefined ? 'anything' : [type].flat().join(' or ')
}

function apiPage(declarations: Declarations): string {
  const parts = entriesOf().flatMap((entry) => [
    `## \`${entry.specifier}\``,
    ...surfaceOf(declarations, entry).map(([name, { doc, text }]) =>
      [`### ${name}`, doc, code(text)].filter(Boolean).join('\n\n'),
    ),
  ])
  return page('The library', 'All that the package exports, entry by entry.', parts)
}
