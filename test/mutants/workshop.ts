/**
 * A copy of the build in a temporary folder, in which one file at a time is a mutant. `harness/`, `faults/` and `reports/`
 * there hold JavaScript where the repository has TypeScript. So tests and scenarios that are copied beside them reach the
 * mutant by the same paths.
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** Vitest, as the repository has it, but for what is source there. */
const vitestConfig = `export default {
  test: { exclude: ['dist/**', 'node_modules/**'], pool: 'forks', maxWorkers: 1, testTimeout: 60000, hookTimeout: 60000 },
  resolve: {
    alias: ['invariants', 'faults', 'provider-kit', 'reports', 'vitest', 'register', ''].map((entry) => ({
      find: new RegExp('^agent-chaos' + (entry && '/' + entry) + '$'),
      replacement: new URL({ invariants: 'harness/invariants/index.js', faults: 'faults/index.js', reports: 'reports/index.js',
        'provider-kit': 'harness/provider-kit/index.js', vitest: 'harness/vitest.js', register: 'harness/register.js',
        '': 'harness/index.js' }[entry], import.meta.url).pathname,
    })),
  },
}
`

export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'agent-chaos-mutants-'))

  readonly #built = new Map<string, string>()

  constructor() {
    if (!existsSync(join(root, 'dist/report.schema.json'))) throw new Error('there is no build to copy: npm run build')
    for (const part of readdirSync(join(root, 'dist')))
      cpSync(join(root, 'dist', part), join(this.folder, part), { recursive: true })
    // The build has many modules in one file. A mutant is one of one module.
    const compile = ['-p', 'tsconfig.build.json', '--declaration', 'false', '--emitDeclarationOnly', 'false']
    execFileSync(process.execPath, [tsc, ...compile, '--outDir', this.folder], { cwd: root })
    for (const part of ['scenarios', 'test', 'package.json', 'CHANGELOG.md', 'README.md']) {
      cpSync(join(root, part), join(this.folder, part), { recursive: true })
    }
    // What the package exports stands below `dist/`, and is the same module as that without.
    symlinkSync('.', join(this.folder, 'dist'))
    writeFileSync(join(this.folder, 'vitest.config.mjs'), vitestConfig)
    this.#linkPackages()
  }

  /** One by one, for the package's own name is to lead to the workshop and not to the repository. */
  #linkPackages(): void {
    mkdirSync(join(this.folder, 'node_modules'))
    for (const name of readdirSync(join(root, 'node_modules'))) {
      const target = name === 'agent-chaos' ? '..' : join(root, 'node_modules', name)
      symlinkSync(target, join(this.folder, 'node_modules', name))
    }
  }

  /** As it was built, whatever becomes of the build meanwhile. */
  read(file: string): string {
    const text = this.#built.get(file) ?? readFileSync(join(this.folder, file), 'utf8')
    this.#built.set(file, text)
    return text
  }

  /** Puts a text in the place of a file's own while `work` is under way. */
  async withFile<T>(file: string, text: string, work: () => Promise<T>): Promise<T> {
    const built = this.read(file)
    writeFileSync(join(this.folder, file), text)
    try {
      return await work()
    } finally {
      writeFileSync(join(this.folder, file), built)
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
