/**
 * Reads the declaration files that the compiler writes, as text: their statements are regular, and the compiler that is
 * installed here has no stable API. What a file exports, what it imports, and what each statement says.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One symbol, where it is declared. */
export interface Declaration {
  /** The file and the name in it: two entries that export the same symbol export one declaration. */
  readonly id: string
  readonly file: string
  readonly name: string
  readonly kind: string
  /** Its docstring, without stars; empty where it has none. */
  readonly doc: string
  /** The statement as the compiler wrote it, with the docstrings of its members. */
  readonly text: string
}

interface Statement {
  readonly doc: string
  readonly text: string
}

/** Where a name of a module is to be found: the name there, and the module. */
interface Pointer {
  readonly file: string
  readonly name: string
}

interface Module {
  readonly declared: ReadonlyMap<string, Declaration>
  readonly imported: ReadonlyMap<string, Pointer>
  readonly exported: ReadonlyMap<string, Pointer>
  /** Modules that are exported as a whole. */
  readonly wholes: readonly string[]
}

const declarationOf =
  /^(?:export )?(?:default )?(?:declare )?(?:abstract )?(const|let|function|class|interface|type|enum|module) (['\w$]+)/

export class Declarations {
  readonly #modules: ReadonlyMap<string, Module>

  private constructor(modules: ReadonlyMap<string, Module>) {
    this.#modules = modules
  }

  /** Reads all that the compiler wrote into a folder. */
  static readFrom(folder: string): Declarations {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.d.ts'))
    return new Declarations(new Map(files.map((file) => [file, read(file, readFileSync(join(folder, file), 'utf8'))])))
  }

  /** What a module exports, by the names that it exports it under. */
  exportsOf(file: string): ReadonlyMap<string, Declaration> {
    const { exported } = this.#module(file)
    return new Map([...exported].map(([name, pointer]) => [name, this.#resolve(pointer)]))
  }

  /** Modules that a module exports as a whole, whatever they hold. */
  wholesOf(file: string): readonly string[] {
    return this.#module(file).wholes
  }

  /** The symbols of the package itself that a declaration names. */
  namedBy({ file, text, name }: Declaration): Declaration[] {
    const { declared, imported } = this.#module(file)
    const found = new Map<string, Declaration>()
    const bare = withoutComments(text)
    for (const [word] of bare.matchAll(/(?<![.\w$'"])[A-Za-z_$][\w$]*(?!['"\w$])/g)) {
      const pointer = imported.get(word)
      const one = declared.get(word) ?? (pointer && this.#resolve(pointer))
      // A member may be called as a value is; a type names a value only by `typeof`.
      const isNamed = one && (!isValue(one) || bare.includes(`typeof ${word}`))
      if (isNamed && one.name !== name) found.set(one.id, one)
    }
    for (const [, specifier = '', word = ''] of text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g)) {
      const one = this.#resolve({ file: target(file, specifier), name: word })
      found.set(one.id, one)
    }
    return [...found.values()]
  }

  /** What a module declares for itself, with what it adds to other modules. */
  declaredIn(file: string): readonly Declaration[] {
    return [...this.#module(file).declared.values()]
  }

  #resolve({ file, name }: Pointer): Declaration {
    const { declared, imported, exported } = this.#module(file)
    const own = declared.get(name)
    if (own) return own
    const again = exported.get(name)
    // `export { name }` of what the module has itself imported points to the module.
    const onward = again && again.file !== file ? again : imported.get(again?.name ?? name)
    if (!onward) throw new Error(`${file} has no "${name}"`)
    return this.#resolve(onward)
  }

  #module(file: string): Module {
    const module = this.#modules.get(file)
    if (!module) throw new Error(`the compiler wrote no ${file}`)
    return module
  }
}

function read(file: string, text: string): Module {
  const declared = new Map<string, Declaration>()
  const imported = new Map<string, Pointer>()
  const exported = new Map<string, Pointer>()
  const wholes: string[] = []
  for (const { doc, text: statement } of statementsOf(text)) {
    const [, kind, name] = declarationOf.exec(statement) ?? []
    const [, verb, names, from] = /^(import|export) (?:type )?\{([^}]*)\}(?: from '([^']+)')?/.exec(statement) ?? []
    const [, whole] = /^export (?:type )?\* (?:as \w+ )?from '([^']+)'/.exec(statement) ?? []
    if (whole !== undefined) wholes.push(whole)
    if (kind !== undefined && name !== undefined) {
      declared.set(name, { id: `${file}#${name}`, file, name, kind, doc, text: statement })
      if (statement.startsWith('export ')) exported.set(name, { file, name })
    }
    for (const [original, local] of pairsIn(names ?? '')) {
      if (verb === 'import' && from?.startsWith('.')) imported.set(local, { file: target(file, from), name: original })
      if (verb === 'export') exported.set(local, { file: from ? target(file, from) : file, name: original })
    }
  }
  return { declared, imported, exported, wholes }
}

function isValue({ kind }: Declaration): boolean {
  return kind === 'const' || kind === 'let' || kind === 'function'
}

/** `type A, b as c` as pairs of the name there and the name here. */
function pairsIn(names: string): (readonly [string, string])[] {
  return names
    .split(',')
    .map((each) => each.trim().replace(/^type /, ''))
    .filter((each) => each !== '')
    .map((each) => {
      const [original = '', local = original] = each.split(' as ')
      return [original, local]
    })
}

function target(file: string, specifier: string): string {
  return normalize(join(dirname(file), specifier)).replace(/\.js$/, '.d.ts')
}

/** What a statement is parted into: comments, strings, and single characters. */
const piece = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|[\s\S]/g

/** Every statement with the docstring right before it. */
function statementsOf(text: string): Statement[] {
  const found: Statement[] = []
  let doc = ''
  let statement = ''
  let depth = 0
  for (const [part] of text.matchAll(piece)) {
    if (statement === '') {
      if (part.startsWith('/*')) doc = part.startsWith('/**') ? part : ''
      if (/^(?:\/|\s)/.test(part)) continue
    }
    statement += part
    if ('{(['.includes(part)) depth++
    if ('})]'.includes(part)) depth--
    const isOver = depth === 0 && (part === ';' || (part === '}' && isBlock(statement)))
    if (!isOver) continue
    found.push({ doc: plain(doc), text: statement })
    doc = ''
    statement = ''
  }
  if (statement.trim() !== '') throw new Error(`a declaration that does not end: ${statement.slice(0, 200)}`)
  return found
}

/** Whether a statement ends with its block, and not with a semicolon. */
function isBlock(statement: string): boolean {
  return /^(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:class|interface|enum|module|namespace|global)\b/.test(
    statement,
  )
}

/** The words of a docstring. */
function plain(doc: string): string {
  return doc
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .trim()
}

/** A statement on as few lines as the compiler gave it, without its docstrings. */
export function withoutComments(text: string): string {
  return text
    .replace(piece, (part) => (part.startsWith('/*') || part.startsWith('//') ? '' : part))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
}
