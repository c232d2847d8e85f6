/** A tag of somebody else's action can be moved to other code, a commit cannot: all are pinned, their version told beside. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './imports.js'

const folders = ['.github', 'docs', 'harness'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|md)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
)
const files = ['action.yml', 'README.md', 'CONTRIBUTING.md', ...folders]

/** The step's `uses` in a line, unless it is an action of this repository. */
function foreign(line: string): string | undefined {
  const used = line.match(/^\s*(?:-\s+)?uses:\s*(.+)$/)?.[1]
  return used === undefined || /^["']?(\.\/|agent-chaos\/agent-chaos@)/.test(used) ? undefined : used.trim()
}

const isPinned = (used: string) => /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used)

const used = files.flatMap((file) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const action = foreign(line)
      return action === undefined ? [] : [{ where: `${file}:${index + 1}`, action }]
    }),
)

describe('an action of somebody else', () => {
  it('is pinned by its whole commit, with its version beside it', () => {
    expect(used.filter(({ action }) => !isPinned(action))).toEqual([])
  })

  it('has one commit in all workflows', () => {
    expect(used.length).toBeGreaterThan(1)
    const names = new Set(used.map(({ action }) => action.split('@')[0]))
    expect(new Set(used.map(({ action }) => action)).size).toBe(names.size)
  })

  it.each([
    ['a tag', '      - uses: actions/checkout@v5'],
    ['a branch', '  uses: actions/checkout@main # v5.1.0'],
    ['a short commit', '- uses: actions/checkout@fbc6f39 # v5.1.0'],
    ['no version beside it', '- uses: actions/checkout@fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09'],
    ['quotes', "- uses: 'actions/checkout@v5'"],
  ])('is found with %s', (_, line) => {
    expect(isPinned(foreign(line) ?? '')).toBe(false)
    expect(foreign(line)).toBeDefined()
  })
})
