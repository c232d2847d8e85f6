/** Two runs compared, for a pull request's comment: the reasons of the verdict, and the rest to unfold. */
import type { Comparison } from '../../harness/contracts/report/comparison.js'
import { comparison } from '../terminal/comparison.js'
import { fence, inert } from './text.js'

const titles: Readonly<Record<Comparison['verdict'], string>> = {
  regression: '❌ compared: a regression',
  'no-regression': '✅ compared: no regression',
  incomplete: '⚠️ compared: incomplete',
}

/** The same comparison gives the same bytes. */
export function comparisonMarkdown(compared: Comparison): string {
  const { verdict, base, head, because } = compared
  const files = `${inert(base.environment.file)} → ${inert(head.environment.file)}`
  const text = comparison(compared, { width: 100, color: false, unicode: true })
  return `${[
    `### ${titles[verdict]}`,
    ...because.slice(0, reasonsMost).map((reason) => `- ${inert(reason)}`),
    `<details><summary>${files}</summary>\n\n${fence(text.trimEnd(), longest)}\n\n</details>`,
  ].join('\n\n')}\n`
}

/** A comment holds the report too; what is left out here stands among the rest. */
const longest = 16_000
const reasonsMost = 10
