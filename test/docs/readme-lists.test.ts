/** That what the guides list by hand is all that there is: invariants and reporters. Faults they do not list. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { invariantCatalogue } from '../../harness/invariants/catalogue.js'
import { reporters } from '../../reports/catalogue.js'

const guide = (name: string) => readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8')

it('names every invariant under "What is checked", and no other', () => {
  const [list = ''] = guide('what-is-checked').split('`npx agent-chaos explain')
  const named = [...list.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)
  expect(named.sort()).toEqual(invariantCatalogue.map(({ name }) => name).sort())
})

it('has a row for every reporter that writes a file', () => {
  for (const { name } of reporters) expect(guide('reports')).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'))
})
