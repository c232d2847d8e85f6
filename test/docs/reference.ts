/** The reference pages that are made of the code: what a scenario may say, faults, the command line, the report, the library. */
import { spawnSync } from 'node:child_process'
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

/** By path from the root. Compiles, and asks the build for its help. */
export function referencePages(): ReadonlyMap<string, string> {
  const declarations = compile()
  return new Map([
    ['docs/reference/scenario.md', scenarioPage(declarations)],
    ['docs/reference/faults.md', faultsPage()],
    ['docs/reference/command-line.md', commandLinePage()],
    ['docs/reference/report.md', reportPage()],
    ['docs/reference/api.md', apiPage(declarations)],
  ])
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
    return [`## ${name}`, declaration.doc, membersOf(declaration)].filter(Boolean).join('\n\n')
  })
  return page('A scenario, field by field', 'A `?` marks what may be left out.', parts)
}

/** A list of the members of an interface, each with its docstring. */
function membersOf({ text }: Declaration): string {
  const members = text.matchAll(
    /^ {4}(?:\/\*\*([\s\S]*?)\*\/\n {4})?((?!\/)\S[^\n]*?(?:\{\n[\s\S]*?\n {4}\}[^\n]*)?);$/gm,
  )
  return [...members]
    .map(([, doc = '', member = '']) => {
      const said = doc.replaceAll(/\s*\n\s*\*? ?/g, ' ').trim()
      return `- \`${member.replaceAll(/\s+/g, ' ').replace(/^readonly /, '')}\`${said === '' ? '' : `: ${said}`}`
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
