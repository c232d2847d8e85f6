/** Every page that a message names is there, with its heading, and each kind of mistake leads to the page about it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  debuggingPage,
  pageFor,
  pageOfCommand,
  pageOfInvariant,
  pageOfMistake,
  pathOfPage,
} from '../../../../harness/cli/output/pages.js'
import { invariantCatalogue } from '../../../../harness/invariants/catalogue.js'
import { anchorOf } from '../../../docs/index-page.js'
import { root } from '../../../support/cli/command.js'

const docs = join(root, 'docs')
const all = [
  ...Object.values(pageOfCommand),
  ...pageOfMistake.map(([, page]) => page),
  ...invariantCatalogue.map(({ name }) => pageOfInvariant(name)),
  debuggingPage,
]

describe('a page that is named', () => {
  it.each([...new Set(all)])('is there: %s', (page) => {
    const [file = '', anchor] = page.split('#')
    const text = readFileSync(join(docs, file), 'utf8')
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
    if (anchor !== undefined) expect(anchors).toContain(anchor)
  })

  it('is a path from the working directory, or absolute where that is elsewhere', () => {
    expect(pathOfPage('plans.md', docs, root)).toBe('docs/plans.md')
    expect(pathOfPage('plans.md', docs, join(root, 'docs/guides'))).toBe(join(docs, 'plans.md'))
    expect(pathOfPage('invariants.md#terminates', docs, root)).toBe('docs/invariants.md#terminates')
  })

  it('is none where the docs are not', () => {
    expect(pathOfPage('plans.md', undefined, root)).toBeUndefined()
    expect(pathOfPage('plans.md', join(root, 'no-docs'), root)).toBeUndefined()
    expect(pathOfPage('no-page.md', docs, root)).toBeUndefined()
  })

  it('is none for what the system says', () => {
    const message = '--json out.json cannot be written: no space is left on the device (ENOSPC)'
    expect(pathOfPage(pageFor({ message }, 'run'), docs, root)).toBeUndefined()
  })
})

describe('a mistake', () => {
  it.each([
    ['in a plan', { where: 'plan:1', message: 'a boundary is expected' }, 'plans.md'],
    ['in the configuration', { where: 'sub/agent-chaos.config.ts:4', message: 'no' }, 'guides/configuration.md'],
    ['in a scenario', { where: 'scenarios/a.chaos.ts:3:1', message: 'no' }, 'guides/your-own-agent.md'],
    ['in an option', { message: '--seed: expected a whole number' }, 'options.md'],
    ['in the name of an option', { message: 'unknown option "--sede". Did you mean "--seed"?' }, 'options.md'],
    [
      'in the name of a command',
      { message: 'unknown command "rum". Did you mean "run"?' },
      'reference/command-line.md',
    ],
    ['in what is to be run', { message: 'no scenarios were found' }, 'getting-started.md'],
    ['that no row knows', { message: 'something else' }, 'guides/ci.md'],
  ])('%s leads to the page about it', (_where, mistake, page) => {
    expect(pageFor(mistake, 'merge')).toBe(page)
  })
})
