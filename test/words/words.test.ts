/** Sentences are short, in what users read and in what contributors read. */
import { describe, expect, it } from 'vitest'
import {
  commentSentencesIn,
  docstringSentencesIn,
  helpSentencesIn,
  meanMax,
  sentencesIn,
  wordsMax,
} from './sentences.js'
import { meanOf, texts } from './texts.js'

const longIn = (sentences: (typeof texts)[number]['sentences']) => sentences.filter(({ words }) => words > wordsMax)

describe('a sentence of this project', () => {
  it(`has ${wordsMax} words at most`, () => {
    const long = texts.flatMap(({ file, sentences }) =>
      longIn(sentences).map(({ words, text }) => `${file}: ${words} words: ${text}`),
    )
    expect(long).toEqual([])
  })

  it(`has ${meanMax} words on average`, () => {
    expect(meanOf(texts.flatMap(({ sentences }) => sentences))).toBeLessThanOrEqual(meanMax)
  })

  it('is found in every kind of text', () => {
    const kinds = ['README.md', 'docs/options.md', '--help', 'explain', 'faults/', 'harness/', 'reports/']
    expect(kinds.filter((kind) => !texts.some(({ file }) => file.startsWith(kind)))).toEqual([])
  })
})

describe('a sentence', () => {
  const wordCounts = (markdown: string) => sentencesIn(markdown).map(({ words }) => words)

  it('ends at a full stop, an exclamation, a question, a colon and a semicolon before a space', () => {
    expect(wordCounts('One two. Three! Four five? Six: seven eight; nine.')).toEqual([2, 1, 2, 1, 2, 1])
    expect(wordCounts('See 1.5 and a.b and 10:30.')).toEqual([6])
  })

  it('goes on over the end of a line, and ends with its paragraph, heading or item', () => {
    expect(wordCounts('One two\nthree\n\nfour')).toEqual([3, 1])
    expect(wordCounts('# One two\nthree\n- four five\n  six\n- seven\n1. eight nine')).toEqual([2, 1, 3, 1, 2])
  })

  it('has a piece of code as one word, and nothing of blocks, tables, comments and addresses', () => {
    expect(wordCounts('Run `npm run words now` twice.')).toEqual([3])
    expect(wordCounts('One.\n\n```sh\nnpm ci and more\n```\n\n| a | b |\n| - | - |\n\nTwo [three](a b c).')).toEqual([
      1, 2,
    ])
    expect(wordCounts('<!-- not this --> One <b>two</b>.')).toEqual([2])
  })

  it('is read from comments over several lines, and from no instruction to a tool', () => {
    const source = '  // One two\n  // three.\nconst four = 5 // six\n// biome-ignore lint: seven\n\n// Eight.\n'
    expect(commentSentencesIn(source).map(({ text }) => text)).toEqual(['One two three.', 'Eight.'])
  })

  it('is read from docstrings without their stars, and from no other comment', () => {
    const source =
      '/** One two. */\nconst glob = "/**/*.ts"\n// three\n/**\n * Four\n * five.\n *\n * @param six seven\n */\n'
    expect(docstringSentencesIn(source).map(({ text }) => text)).toEqual(['One two.', 'Four five.', '@param six seven'])
  })

  it('is read from help without its indented lines', () => {
    expect(helpSentencesIn('One two.\n\nExamples:\n  agent-chaos run   all of it\n').map(({ words }) => words)).toEqual(
      [2, 1],
    )
  })
})
