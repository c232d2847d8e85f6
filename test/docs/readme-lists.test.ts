/** That what the README lists by hand is all that there is: invariants and reporters. Faults it does not list. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { invariantCatalogue } from '../../harness/invariants/catalogue.js'
import { reporters } from '../../reports/catalogue.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function section(heading: string): string {
  const [, text = ''] = readme.split(`## ${heading}\n`)
  return text.split(/\n## /)[0] ?? ''
}

it('names every invariant under "What is checked", and no other', () => {
  const [list = ''] = section('What is checked').split('`npx agent-chaos explain')
  const named = [...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)
  expect(named.sort()).toEqual(invariantCatalogue.map(({ name }) => name).sort())
})

it('has a row for every reporter that writes a file', () => {
  for (const { name } of reporters) expect(readme).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'))
})
