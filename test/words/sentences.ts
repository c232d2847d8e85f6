/**
 * Sentences of prose, and how many words each has. A sentence ends at `.`, `!` or `?`, and at `:` or `;`, before a space.
 * What stands between two spaces and holds a letter or a digit is a word; so is a piece of code, however long.
 * Blocks of code and tables are no prose.
 */

export interface Sentence {
  readonly text: string
  readonly words: number
}

/** The most that one sentence may have, and the mean of all. */
export const wordsMax = 25
export const meanMax = 15

/** Sentences of a page in Markdown; those of a docstring are the same without its stars. */
export function sentencesIn(markdown: string): Sentence[] {
  const prose = markdown
    .replace(/^[ \t]*```[\s\S]*?^[ \t]*```.*$/gm, '\n')
    .replace(/<!--[\s\S]*?-->|<\/?[a-z][^<>]*>/g, ' ')
    .replace(/^[ \t]*\|.*$/gm, '\n')
    .replace(/`[^`]*`/g, 'code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\{@link ([^}]*)\}/g, 'code')
  return paragraphsIn(prose).flatMap(split)
}

/** Sentences of the docstrings in a file of TypeScript, each of which begins a line. */
export function docstringSentencesIn(source: string): Sentence[] {
  return [...source.matchAll(/^[ \t]*\/\*\*([\s\S]*?)\*\//gm)].flatMap(([, text = '']) =>
    sentencesIn(text.replace(/^[ \t]*\*[ \t]?/gm, '')),
  )
}

/** Sentences of the comments in a file of TypeScript that stand on lines of their own; instructions to tools are none. */
export function commentSentencesIn(source: string): Sentence[] {
  return [...source.matchAll(/^[ \t]*\/\/(?! biome-).*\n(?:[ \t]*\/\/.*\n)*/gm)].flatMap(([text]) =>
    sentencesIn(text.replace(/^[ \t]*\/\/[ \t]?/gm, '')),
  )
}

/** Sentences of what `--help` prints: indented lines are tables of commands and codes. */
export function helpSentencesIn(help: string): Sentence[] {
  return sentencesIn(help.replace(/^ +.*$/gm, ''))
}

/** An empty line ends a paragraph; a heading, an item of a list and a tag of a docstring begin one. */
function paragraphsIn(prose: string): string[] {
  return prose.split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.|#+|@[a-z]+)\s)|(?<=(?:^|\n)#+ [^\n]*)\n/)
}

function split(paragraph: string): Sentence[] {
  const text = paragraph
    .replace(/^\s*(?:[-*]|\d+\.|#+)\s/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return text
    .split(/(?<=[.!?:;]["')*_]*) /)
    .map((sentence) => ({
      text: sentence,
      words: sentence.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
    }))
    .filter(({ words }) => words > 0)
}
