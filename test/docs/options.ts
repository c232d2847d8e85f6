/** The reference page of options, made of the table. Apart from the script and the test, which must tell the same. */
import { inKebabCase } from '../../harness/cli/options/options.js'
import { type OptionName, optionNames, rowOf, sentence, summaryOf } from '../../harness/contracts/options/derived.js'
import { commands, cores, libraryFunctions, type OptionPlace } from '../../harness/contracts/options/row.js'

const head = `# Options

Made from the table of options by \`npm run options\`. Do not edit it by hand.

An option has one name everywhere: \`trialsMax\` in the configuration file, in the library and in reports, and \`--trials-max\` on
the command line. The command line wins over the configuration file, and the file over the default.`

const groups: readonly (readonly [title: string, holds: (name: OptionName) => boolean])[] = [
  ['Of a run', (name) => takes(name, 'run') && !rowOf(name).aboutCommand],
  ['Of the configuration file alone', (name) => Object.keys(rowOf(name).on).length === 0],
  ['Of other commands', (name) => !takes(name, 'run') && commands.some((at) => takes(name, at))],
  ['Of the command line alone', (name) => rowOf(name).aboutCommand === true],
  ['Of the library alone', (name) => isOnlyOf(name, libraryFunctions)],
]

/** The page. */
export function optionsPage(): string {
  const parts = groups.map(([title, holds]) => `## ${title}\n\n${optionNames.filter(holds).map(entryOf).join('\n\n')}`)
  return `${[head, ...parts].join('\n\n')}\n`
}

/** What the page leaves out, or says twice. */
export function notOnce(): readonly OptionName[] {
  return optionNames.filter((name) => groups.filter(([, holds]) => holds(name)).length !== 1)
}

function entryOf(name: OptionName): string {
  const { value, summary, unit, off, unset, default: general, config = [] } = rowOf(name)
  const places = [...commands, ...libraryFunctions].filter((at) => takes(name, at))
  const reported = places.filter((at) => summaryOf(name, at) !== summary)
  const file = config.length > 0 ? `the configuration file of ${listOf(config)}` : ''
  return [
    `### \`${name}\``,
    '',
    sentence(summary),
    '',
    ...(writtenOf(name) ? [`- **Command line:** ${writtenOf(name)}`] : []),
    ...(off ? [`- **Turned off:** \`--no-${inKebabCase(name)}\`: ${off}`] : []),
    `- **Value:** ${value.expected}${unit ? `, in ${unit}` : ''}`,
    ...(general === undefined ? [] : [`- **Default:** ${defaultText(general)}`]),
    ...(unset ? [`- **Not set:** ${unset}`] : []),
    ...reported.map((at) => `- **\`${at}\`:** ${summaryOf(name, at)}${otherDefault(name, at)}`),
    `- **Taken by:** ${[...places.map((at) => `\`${at}\``), file].filter(Boolean).join(', ')}`,
  ].join('\n')
}

/** As it is typed, if it can be. */
function writtenOf(name: OptionName): string | undefined {
  const { argument, short, shows } = rowOf(name)
  if (argument) return `\`[${name}...]\`, its arguments`
  if (!commands.some((at) => takes(name, at))) return undefined
  return `\`${short ? `-${short}, ` : ''}--${inKebabCase(name)}${shows ? ` <${shows}>` : ''}\``
}

function otherDefault(name: OptionName, at: OptionPlace): string {
  const other = rowOf(name).on[at]?.default
  return other === undefined ? '' : `; ${defaultText(other)} by default`
}

function defaultText(value: unknown): string {
  return typeof value === 'symbol' ? String(cores.description) : `\`${JSON.stringify(value)}\``
}

function takes(name: OptionName, at: OptionPlace): boolean {
  return Object.hasOwn(rowOf(name).on, at)
}

function isOnlyOf(name: OptionName, places: readonly OptionPlace[]): boolean {
  const own = Object.keys(rowOf(name).on)
  return own.length > 0 && own.every((at) => places.some((place) => place === at))
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}
