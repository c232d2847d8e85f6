/**
 * Imports that were found before. An agent that crashes has its modules evaluated anew, twice for a trial, and looking for
 * what they import took a third of that time. So from the second time on they are named by where they were found.
 */
import { isBuiltin } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Where the module at one URL finds what it imports, as a URL too. Throws where there is nothing. */
type Find = (specifier: string, importer: string) => string

interface Seen {
  readonly code: string
  /** Absent as long as the module was evaluated once. */
  found?: string
}

/** As the compiler writes each import of an ES module. */
const imports = /(?<=\bawait jitiImport\()"([^"\\\n]+)"(?=\))/g

/** Compiled modules of one scenario, by their files. */
export class FoundImports {
  readonly #seen = new Map<string, Seen>()

  /** The same code, in which each import names a file. */
  nameIn(file: string, code: string, find: Find): string {
    const seen = this.#seen.get(file)
    if (seen?.code !== code) {
      this.#seen.set(file, { code })
      return code
    }
    seen.found ??= nameFiles(file, code, find)
    return seen.found
  }
}

function nameFiles(file: string, code: string, find: Find): string {
  const importer = pathToFileURL(file).href
  return code.replace(imports, (quoted, specifier: string) => {
    const path = pathOf(specifier, importer, find)
    return path === undefined ? quoted : JSON.stringify(path)
  })
}

/** Of what is a file; what is not there is left as it is, to fail as it did. */
function pathOf(specifier: string, importer: string, find: Find): string | undefined {
  if (isBuiltin(specifier)) return undefined
  try {
    return fileURLToPath(find(specifier, importer))
  } catch {
    return undefined
  }
}
