/** The one table of boundaries is the only place that knows them by name; each boundary's own room knows its own. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { boundaryNamesAsked } from './boundary-names.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const table = 'faults/boundaries.ts'

const sources = ['faults', 'harness', 'reports'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => file !== table),
)

describe('the house', () => {
  it('asks no boundary for its name outside the room of that boundary', () => {
    const broken = sources.flatMap((file) =>
      boundaryNamesAsked(readFileSync(join(root, file), 'utf8'))
        .filter(({ name }) => !file.startsWith(`harness/boundaries/${name}/`))
        .map(
          ({ line, code }) =>
            `${file}:${line}: ask harness/contracts/boundary.ts for a property, not for a name: ${code}`,
        ),
    )
    expect(broken).toEqual([])
  })

  it.each([
    ['a comparison', "call.site.boundary === 'model'"],
    ['one the other way round', "'tool' != boundary"],
    ['a case', "switch (site.boundary) {\n  case 'http':\n"],
    ['a list', "['model', 'tool'].includes(call.site.boundary)"],
    ['a question to a list', "fault.boundaries.includes('file')"],
    ['a table of its own', "const targets = { model: '*', tool: 'refund' }"],
  ])('knows %s for such a question', (_, code) => {
    expect(boundaryNamesAsked(code)).toHaveLength(1)
  })

  it.each([
    ['the kind of an event', "event.kind === 'effect'"],
    ['the same as a case', "switch (event.kind) {\n  case 'effect':\n"],
    ['the role of a message', "message.role === 'tool'"],
    ['two sites', 'left.boundary === right.boundary'],
    ['the crossing that an interpreter opens', "crossings.open('http', opening)"],
  ])('takes %s for none', (_, code) => {
    expect(boundaryNamesAsked(code)).toEqual([])
  })
})
