/** The public surface: what each entry of the package exports, as the compiler writes it for users. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Declaration, Declarations, withoutComments } from './declarations.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** One way into the package. */
export interface Entry {
  /** `agent-chaos/faults`. */
  readonly specifier: string
  /** The name of its snapshot. */
  readonly snapshot: string
  /** Its declaration file, from the folder of the build. */
  readonly file: string
}

/** Those with types, in the order of `package.json`. */
export function entriesOf(): readonly Entry[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { readonly types: string } | { readonly import: { readonly types: string } }>
  }
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return []
    const specifier = `agent-chaos${path.slice(1)}`
    const { types } = 'import' in target ? target.import : target
    const snapshot = `${specifier.replace('/', '.')}.txt`
    return [{ specifier, snapshot, file: types.replace('./dist/', '') }]
  })
}

/** The declarations of the source as it is now; a build may be older. */
export function compile(): Declarations {
  const folder = mkdtempSync(join(tmpdir(), 'surface-'))
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const options = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder]
    const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, ...options], {
      cwd: root,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`the source does not compile:\n${stdout}${stderr}`)
    return Declarations.readFrom(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What an entry exports, by name, sorted; of one that exports nothing, what it adds to other modules. */
export function surfaceOf(declarations: Declarations, { file }: Entry): (readonly [string, Declaration])[] {
  const exported = [...declarations.exportsOf(file)]
  const surface = exported.length > 0 ? exported : declarations.declaredIn(file).map((one) => [one.name, one] as const)
  return surface.sort(([left], [right]) => (left < right ? -1 : 1))
}

/** A surface as text: kind, name and declaration of each symbol. Docstrings are no part of it. */
export function textOf(specifier: string, surface: readonly (readonly [string, Declaration])[]): string {
  const symbols = surface.map(([name, { name: own, text }]) => {
    const alias = name === own ? '' : ` (declared as ${own})`
    return `## ${name}${alias}\n\n${withoutComments(text).trim()}\n`
  })
  return [`# ${specifier}\n`, ...symbols].join('\n')
}

/** Symbols that signatures of the surface name, directly or not, and that no entry exports. */
export function findUnnamed(declarations: Declarations, exported: readonly Declaration[]): Declaration[] {
  const known = new Set(exported.map(({ id }) => id))
  const todo = [...exported]
  const found: Declaration[] = []
  for (const each of todo) {
    for (const named of declarations.namedBy(each)) {
      if (known.has(named.id)) continue
      known.add(named.id)
      todo.push(named)
      found.push(named)
    }
  }
  return found
}
