/** `docs/frameworks.md`: what each framework does under faults, as it was measured. */
import type { Measured } from './measured.js'
import { type Situation, situations } from './situations.js'

export interface Framework {
  readonly name: string
  /** The version of Node that it ran on. */
  readonly node: string
  readonly versions: readonly string[]
  readonly measured: readonly Measured[]
}

const introduction = `# What frameworks do under faults

Written by \`npm run frameworks -- --write\`. Every cell is a trial of an agent as the framework's documentation has it, with
its default options. The agent tells a customer something, once: the model asks for a tool, reads its result, and answers.

To see a cell for yourself, replay its plan. Names of scenarios are files below \`scenarios/frameworks/\`:

\`\`\`sh
npm run frameworks ai-sdk
npx agent-chaos replay scenarios/frameworks/ai-sdk/stream-text.ts --plan 'model:*#1.. = model/unavailable'
\`\`\`

- _n requests_ counts requests to the model, in all. Behind _after_ stand the waits before each retry, in virtual time.
- _tool × n_ is how often the tool ran. Messages that went out twice stand in bold, and so does all that looks like success and is none.
- _told_ says what the model hears of a tool that failed. A _-_ stands where the situation cannot come about, or was not met.
- Beside each naive agent stands the same one made careful: a key that belongs to the intent, bounds, and a look at what was done.
  \`npm run frameworks\` tries it with 2,000 random plans. \`scenarios/frameworks/desk.ts\` has both.
- Versions are the newest that run on Node 20. Where a newer one does not, _NAME-newest_ has that, with the same agents.
`

export function pageOf(frameworks: readonly Framework[]): string {
  const parts = [introduction]
  for (const [heading, group] of Object.entries(situations)) {
    parts.push(`## ${heading}\n`, legendOf(group), ...frameworks.map((each) => tableOf(each, group)))
  }
  parts.push(searchOf(frameworks), costsOf(frameworks))
  return `${parts.join('\n').trimEnd()}\n`
}

function legendOf(group: readonly Situation[]): string {
  const rows = group.map(({ title, plan }) => `| ${title} | \`${plan}\` |`)
  return `${tableWith(['Situation', 'Plan'], rows)}\n`
}

/** Agents of one framework side by side. */
function tableOf({ name, node, versions, measured }: Framework, group: readonly Situation[]): string {
  const textOf = (one: Measured, title: string) => one.cells.find((cell) => cell.title === title)?.text ?? '-'
  const rows = group.map(({ title }) => `| ${title} | ${measured.map((one) => textOf(one, title)).join(' | ')} |`)
  return `### ${name}\n\n${versions.join(', ')}, on Node ${node}\n\n${tableWith(['Situation', ...measured.map(shortName)], rows)}\n`
}

function searchOf(frameworks: readonly Framework[]): string {
  const parts = frameworks.flatMap(({ measured }) =>
    measured.map((one) => {
      const rows = one.findings.map(({ invariant, story, plan }) => `| ${invariant} | ${quote(story)} | \`${plan}\` |`)
      return `### ${one.name}\n\n${tableWith(['Invariant', 'What it did', 'The smallest plan'], rows)}\n`
    }),
  )
  return `## What the search finds\n\nBy default options, in each naive agent, without a hint.\n\n${parts.join('\n')}`
}

function costsOf(frameworks: readonly Framework[]): string {
  const rows = frameworks.flatMap(({ measured }) =>
    measured.map(({ name, cost, spans, leftRunning, strays }) => {
      const { trialMs, floorMs } = cost
      const more = [...new Set([...leftRunning, ...strays.map((url) => `asks ${url}`)])].join(', ')
      const figures = [trialMs.toFixed(1), floorMs.toFixed(1), (trialMs / floorMs).toFixed(1)]
      return `| ${name} | ${figures.join(' | ')} | ${spans.length} | ${more || '-'} |`
    }),
  )
  const heads = ['Agent', 'Trial, ms', 'Floor, ms', 'Ratio', 'Spans', 'Goes on behind the answer']
  return `## What a trial costs

Processor time of a trial without faults, warm, in its own process. The floor is the same agent with the same answers of the model and without
agent-chaos. Spans are those that it makes by OpenTelemetry's API without being asked to.

${tableWith(heads, rows)}
`
}

const shortName = ({ name }: Measured) => name.split('/')[1] ?? name

const quote = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function tableWith(heads: readonly string[], rows: readonly string[]): string {
  return [`| ${heads.join(' | ')} |`, `|${heads.map(() => ' --- |').join('')}`, ...rows].join('\n')
}
