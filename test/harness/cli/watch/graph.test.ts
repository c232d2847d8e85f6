/** What scenario files are made of, resolved as their loader does it, on folders of real files. */
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Graph, graphsOf } from '../../../../harness/cli/watch/graph.js'

function project(contents: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agent-chaos-graph-')))
  for (const [file, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

/** The graph of `scenarios/a.chaos.ts`, with paths from the project. */
function graphIn(folder: string): Pick<Graph, 'isOpen'> & { readonly loads: readonly string[] } {
  const [graph] = graphsOf([join(folder, 'scenarios/a.chaos.ts')])
  if (!graph) throw new Error('there is no graph')
  return { isOpen: graph.isOpen, loads: [...graph.loads].map((file) => relative(folder, file)).sort() }
}

const loadsOf = (contents: Readonly<Record<string, string>>) => graphIn(project(contents)).loads

describe('what a scenario file is made of', () => {
  it('is all that its imports lead to, round in circles too', () => {
    const files = loadsOf({
      'scenarios/a.chaos.ts': "import '../src/agent.js'",
      'src/agent.ts': "export * from './tools.js'",
      'src/tools.ts': "import './agent.js'\nimport data from './data.json'",
      'src/data.json': '{ "name": "./unused.js" }',
      'src/unused.ts': '',
    })
    expect(files).toEqual(['scenarios/a.chaos.ts', 'src/agent.ts', 'src/data.json', 'src/tools.ts'])
  })

  it('is found by the paths of tsconfig.json, and where endings are missing or another', () => {
    const files = loadsOf({
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }',
      'scenarios/a.chaos.ts':
        "import '@app/one'\nimport '@app/two.js'\nimport '../src/three'\nimport '../src/four.mjs'",
      'src/one.ts': "import './five'",
      'src/two.ts': '',
      'src/three/index.ts': '',
      'src/four.mts': '',
      'src/five.cjs': "require('./six')",
      'src/six.js': '',
    })
    expect(files).toEqual([
      'scenarios/a.chaos.ts',
      'src/five.cjs',
      'src/four.mts',
      'src/one.ts',
      'src/six.js',
      'src/three/index.ts',
      'src/two.ts',
    ])
  })

  it('leaves packages out, but not those of the workspace that are linked', () => {
    const folder = project({
      'scenarios/a.chaos.ts': "import 'installed'\nimport '@shop/agent'\nimport 'node:fs'\nimport 'agent-chaos'",
      'node_modules/installed/package.json': '{ "name": "installed", "main": "index.js" }',
      'node_modules/installed/index.js': '',
      'packages/agent/package.json': '{ "name": "@shop/agent", "exports": "./index.ts" }',
      'packages/agent/index.ts': "import './tools.js'",
      'packages/agent/tools.ts': '',
    })
    mkdirSync(join(folder, 'node_modules/@shop'))
    symlinkSync(join(folder, 'packages/agent'), join(folder, 'node_modules/@shop/agent'))
    expect(graphIn(folder).loads).toEqual([
      'packages/agent/index.ts',
      'packages/agent/tools.ts',
      'scenarios/a.chaos.ts',
    ])
  })

  it('holds the places of a module that is not there yet', () => {
    const files = loadsOf({ 'scenarios/a.chaos.ts': "import '../src/generated.js'" })
    expect(files).toContain('src/generated.ts')
  })

  it('may be more than can be told where a module that it loads names others as it runs', () => {
    const folder = project({
      'scenarios/a.chaos.ts': "import '../src/agent.js'",
      'src/agent.ts': 'export const load = (name: string) => import(name)',
    })
    expect(graphIn(folder).isOpen).toBe(true)
  })

  it('is the file alone where it cannot be read, for it is whoever runs it who says so', () => {
    expect(graphIn('/nowhere')).toEqual({ loads: ['scenarios/a.chaos.ts'], isOpen: false })
  })
})
