/** All that a reader of this project is given as prose, by file. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue as faults } from '../../faults/catalogue.js'
import * as help from '../../harness/cli/options/help.js'
import { exitMeanings } from '../../harness/cli/output/exit.js'
import { namesOn, sentence, summaryOf } from '../../harness/contracts/options/derived.js'
import { commands, libraryFunctions } from '../../harness/contracts/options/row.js'
import { invariantCatalogue as invariants } from '../../harness/invariants/catalogue.js'
import { reporters } from '../../reports/catalogue.js'
import { root, sources, text } from '../house/imports.js'
import { commentSentencesIn, docstringSentencesIn, helpSentencesIn, type Sentence, sentencesIn } from './sentences.js'

export interface Text {
  readonly file: string
  readonly sentences: readonly Sentence[]
}

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'harness/README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`)
    .sort(),
]

const places = [...commands, ...libraryFunctions]
const summaries = new Set(places.flatMap((place) => namesOn(place).map((name) => sentence(summaryOf(name, place)))))
const helpPages = Object.values(help).map((page) => (typeof page === 'string' ? page : page(reporters)))

/** What `--help` prints: its pages, the summary of every option and reporter, and what exit codes mean. */
const shownByHelp: Text = {
  file: '--help',
  sentences: [
    ...helpPages.flatMap(helpSentencesIn),
    ...[
      ...summaries,
      ...reporters.map(({ summary }) => summary),
      ...exitMeanings.map(([, meaning]) => meaning),
    ].flatMap(sentencesIn),
  ],
}

/** What `explain` and `list` say of faults and invariants. */
const shownByExplain: Text = {
  file: 'explain',
  sentences: [
    ...faults.map(({ summary }) => summary),
    ...invariants.flatMap(({ promise, antecedent, example }) => [promise, antecedent, example]),
  ].flatMap(sentencesIn),
}

const sourceTexts = sources
  .filter((file) => !file.startsWith('scenarios/'))
  .map((file) => ({ file, sentences: [...docstringSentencesIn(text(file)), ...commentSentencesIn(text(file))] }))
  .filter(({ sentences }) => sentences.length > 0)

export const texts: readonly Text[] = [
  ...pages.map((file) => ({ file, sentences: sentencesIn(text(file)) })),
  shownByHelp,
  shownByExplain,
  ...sourceTexts,
]

export function meanOf(sentences: readonly Sentence[]): number {
  return sentences.reduce((sum, { words }) => sum + words, 0) / sentences.length
}
