/**
 * The public surface is there on purpose. A change to it stands in the diff of a snapshot; `npm run surface` brings the
 * snapshots up to date.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compile, entriesOf, findUnnamed, surfaceOf, textOf } from './surface.js'

const declarations = compile()
const entries = entriesOf()
const surfaces = entries.map((entry) => ({ ...entry, surface: surfaceOf(declarations, entry) }))
const symbols = surfaces.flatMap(({ specifier, surface }) =>
  surface.map(([name, declaration]) => ({ name: `${specifier}: ${name}`, declaration })),
)

/** What signatures name and no entry exports: nobody needs to name these. */
const unnamedOnPurpose: readonly (readonly [what: string, ids: RegExp])[] = [
  ['the table of options, from which the options of functions are derived', /^harness\/contracts\/options\//],
  ['schemas, from which the types of reports are derived', /^harness\/contracts\/(report\/.*|shard)\.d\.ts#/],
  ['how the actions of boundaries are told apart', /^faults\/boundaries\.d\.ts#/],
  ['lists whose members have a type of their own', /#(gateKinds|stopReasons|claims)$/],
  [
    'what executors hand on unread',
    /#(BreakerRemarks|FaultProfile|Recipe|SiteProfile|WireRecord|Delivery|Chunk|Body|BodyEnd)$/,
  ],
  ['options of other libraries, written where they are used', /#(Cockatiel|Opossum|Resilience4j)Options$/],
  ['signatures of functions that are exported', /over-events\.d\.ts#(OverEvents|Eventually|Kind)$/],
  ['the brand of errors, behind their recognisers', /#errorBrand$/],
  ['what all events have', /trace\.d\.ts#At$/],
]

describe.each(surfaces)('$specifier', ({ specifier, snapshot, file, surface }) => {
  it('exports what its snapshot says', async () => {
    await expect(textOf(specifier, surface)).toMatchFileSnapshot(`./${snapshot}`)
  })

  it('names each of its exports', () => {
    expect(declarations.wholesOf(file)).toEqual([])
  })
})

describe('the surface', () => {
  it('has a snapshot for every entry, and no other', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url))
    const standing = readdirSync(folder).filter((file) => file.endsWith('.txt'))
    expect(standing.sort()).toEqual(entries.map(({ snapshot }) => snapshot).sort())
  })

  it('has a docstring for every symbol', () => {
    const bare = symbols.filter(({ declaration }) => declaration.kind !== 'module' && declaration.doc === '')
    expect(bare.map(({ name, declaration }) => `${name} (${declaration.file})`)).toEqual([])
  })

  it('says no more than 25 words in a sentence', () => {
    const long = symbols.flatMap(({ name, declaration }) =>
      sentencesOf(declaration.doc)
        .filter((sentence) => sentence.split(/\s+/).length > 25)
        .map((sentence) => `${name}: ${sentence}`),
    )
    expect([...new Set(long)]).toEqual([])
  })

  it('exports every type that a user may have to name', () => {
    const hidden = findUnnamed(
      declarations,
      symbols.map(({ declaration }) => declaration),
    ).map(({ id }) => id)
    expect(hidden.filter((id) => !unnamedOnPurpose.some(([, ids]) => ids.test(id)))).toEqual([])
  })
})

/** Sentences of a docstring. What stands after a colon or a semicolon counts with its sentence. */
function sentencesOf(doc: string): string[] {
  return doc
    .split(/\n\n/)
    .flatMap((paragraph) => paragraph.replaceAll('\n', ' ').split(/(?<=[.!?]`?\)?)\s+(?=[`A-Z])/))
    .filter((sentence) => sentence !== '')
}
