/** Pages that are made of the code are what the code says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../support/cli/command.js'
import { referencePages } from './reference.js'

const pages = referencePages()

it.each([...pages])('%s is as it is made', (file, text) => {
  expect(readFileSync(join(root, file), 'utf8'), `${file} is stale: run \`npm run reference\``).toBe(text)
})

it('no page stands beside them', () => {
  const standing = readdirSync(join(root, 'docs/reference')).map((file) => `docs/reference/${file}`)
  expect(standing.sort()).toEqual([...pages.keys()].filter((file) => file.startsWith('docs/reference/')).sort())
})

it('the page of a scenario has each field, with what is said of it', () => {
  const page = pages.get('docs/reference/scenario.md') ?? ''
  for (const field of [
    'name: string',
    'goal: (context: GoalContext<State>)',
    'latency?: {',
    "crash?: 'soft' | 'hard'",
  ]) {
    expect(page).toMatch(new RegExp(`^- \`${field.replaceAll(/[?(){}|]/g, '\\$&')}.*\`: \\S`, 'm'))
  }
  expect(page).not.toMatch(/^- `\}`/m)
})
