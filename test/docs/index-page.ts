/** The first page of the docs: where to begin, and every name from A to Z with the section that tells of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'

interface Entry {
  readonly name: string
  readonly target: string
  readonly kind: string
}

/** As GitHub makes them of headings. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}

const head = `# The docs

Made by \`npm run reference\`. Do not edit it by hand.

These pages come with the package, in \`node_modules/agent-chaos/docs\`. What you look for by name stands below, from A to Z:
search this page for it. Full text is found by \`grep -ri WORD node_modules/agent-chaos/docs\`.

## Where to begin

- [Getting started](getting-started.md): one failing agent, from the first run to the repair.
- [A scenario for your own agent](guides/your-own-agent.md): the world, and where state belongs.
- [A scenario from a real run](guides/recording.md): what an agent really asked, and what it was answered.
- [Frameworks](frameworks.md) and [providers](guides/providers.md): what fits what you have.
- [What is checked](guides/what-is-checked.md): choosing invariants.
- [Reports](guides/reports.md) and [debugging](guides/debugging.md): from a violation to its line.
- [In CI](guides/ci.md), [in your own tests](guides/tests.md), [configuration](guides/configuration.md).
- [Reliability against budget](guides/reliability.md): how often it works.
- [What distributed systems got right](guides/distributed-systems.md): six ideas, each with bug and repair.
- [How fast it is](speed.md): what a user waits for, and what a trial costs.
- [How it works](how-it-works.md), [honest limits](limits.md), [planted bugs](planted-bugs.md), [the museum](museum.md),
  [decisions](decisions): whether to trust it.`

/** Pages of which each section is named, and what a section is. */
const sections: readonly (readonly [file: string, level: number, kind: string])[] = [
  ['reference/faults.md', 2, 'fault'],
  ['invariants.md', 2, 'invariant'],
  ['options.md', 3, 'option'],
  ['reference/command-line.md', 2, 'command'],
  ['reference/api.md', 3, 'library'],
]

/** Pages that are read as a whole: their headings. */
const guides = [
  'getting-started.md',
  'how-it-works.md',
  'limits.md',
  'museum.md',
  'frameworks.md',
  'plans.md',
  'speed.md',
]

/** `made` are pages that are made together with this one, by path from the root; others are read. */
export function indexPage(made: ReadonlyMap<string, string>): string {
  const textOf = (file: string) => made.get(`docs/${file}`) ?? readFileSync(join(root, 'docs', file), 'utf8')
  const entries = [
    ...sections.flatMap(([file, level, kind]) =>
      headingsOf(textOf(file), level).map((name) => ({ name, target: `${file}#${anchorOf(name)}`, kind })),
    ),
    ...fieldsOf(textOf('reference/scenario.md')),
    ...termsOf(textOf('glossary.md')),
    ...[...guides, ...below('guides'), ...below('decisions')].flatMap((file) => titlesOf(file, textOf(file))),
  ]
  return `${[head, ...letters(entries)].join('\n\n')}\n`
}

function below(folder: string): string[] {
  return readdirSync(join(root, 'docs', folder))
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => `${folder}/${file}`)
}

/** Headings of one level, outside blocks of code. */
function headingsOf(text: string, level: number): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(new RegExp(`^#{${level}} (.*)$`, 'gm'))].map(([, heading = '']) => heading)
}

function titlesOf(file: string, text: string): Entry[] {
  const [title = ''] = headingsOf(text, 1)
  const kind = file.startsWith('decisions/') ? 'decision' : 'guide'
  const parts = headingsOf(text, 2).map((name) => ({
    name: name.replace(/^\d+\. /, ''),
    target: `${file}#${anchorOf(name)}`,
    kind: `in "${title}"`,
  }))
  return [{ name: title, target: file, kind }, ...(kind === 'decision' ? [] : parts)]
}

/** The fields of a scenario stand in one section. */
function fieldsOf(text: string): Entry[] {
  const [, options = ''] = text.split('## ScenarioOptions')
  const [own = ''] = options.split('\n## ')
  return [...own.matchAll(/^- `(\w+)/gm)].map(([, name = '']) => ({
    name: `\`${name}\``,
    target: 'reference/scenario.md#scenariooptions',
    kind: 'field of a scenario',
  }))
}

function termsOf(text: string): Entry[] {
  return [...text.matchAll(/\*\*([^*]+)\*\*( \([^)]*\))?/g)].map(([, name = '', sense = '']) => ({
    name: `${name}${sense}`,
    target: 'glossary.md',
    kind: 'word',
  }))
}

/** What a name is sorted by: its letters. */
function keyOf({ name }: Entry): string {
  return name.replaceAll(/[^\w/ -]/g, '').toLowerCase()
}

function letters(entries: readonly Entry[]): string[] {
  const byLetter = new Map<string, string[]>()
  const sorted = entries
    .map((entry) => [keyOf(entry), entry] as const)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  for (const [key, { name, target, kind }] of sorted) {
    const letter = key.slice(0, 1).toUpperCase()
    byLetter.set(letter, [...(byLetter.get(letter) ?? []), `- [${name}](${target}): ${kind}`])
  }
  return [...byLetter].map(([letter, lines]) => `## ${letter}\n\n${lines.join('\n')}`)
}
