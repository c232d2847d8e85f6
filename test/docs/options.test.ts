/** The reference page of options, and the comments that editors show, are what the table says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configNames, optionNames, rowOf, sentence } from '../../harness/contracts/options/derived.js'
import { root } from '../support/cli/command.js'
import { notOnce, optionsPage } from './options.js'

const read = (file: string) => readFileSync(join(root, file), 'utf8')

describe('docs/options.md', () => {
  it('is what the table of options says', () => {
    const message = 'docs/options.md is stale: run `npm run options`'
    expect(read('docs/options.md'), message).toBe(optionsPage())
  })

  it('tells of each option once', () => {
    expect(notOnce()).toEqual([])
    for (const name of optionNames) expect(optionsPage().split(`### \`${name}\`\n`)).toHaveLength(2)
  })
})

describe('the comment above a row', () => {
  const source = ['table', 'outputs', 'selection', 'manner']
    .map((name) => read(`harness/contracts/options/${name}.ts`))
    .join('\n')
  const inEditors = new Set([...configNames(), ...optionNames.filter((name) => 'runCampaign' in rowOf(name).on)])

  it.each([...inEditors])('is the summary, which editors then show: %s', (name) => {
    expect(source).toContain(`  /** ${sentence(rowOf(name).summary)} */\n  ${name}: option(`)
  })
})
