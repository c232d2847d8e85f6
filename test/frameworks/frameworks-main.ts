/**
 * `npm run frameworks [NAME...]`: installs frameworks, and looks whether the naive agent of each is told from the careful
 * one. `--write` also measures all of them and writes `docs/frameworks.md`. Exits with 1 where a mistake was not found, or a
 * careful agent was accused.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../house/imports.js'
import { frameworks, install, nodeFor, scenariosOf, versionsOf } from './frameworks.js'
import type { Measured } from './measured.js'
import { type Framework, pageOf } from './page.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { trials: { type: 'string', default: '2000' }, write: { type: 'boolean', default: false } },
})

const unknown = positionals.filter((name) => !frameworks.includes(name))
if (unknown.length > 0) {
  console.error(`There is no framework ${unknown.join(', ')} here. There are: ${frameworks.join(', ')}.`)
  process.exit(2)
}
if (values.write && positionals.length > 0) {
  console.error('--write measures all frameworks: name none.')
  process.exit(2)
}

const chosen = positionals.length > 0 ? positionals : frameworks
for (const name of chosen) install(name)

const failed = chosen.filter((name) => !isDiscerned(name))
if (values.write) writePage()
if (failed.length > 0) console.error(`\nNot as they should be: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)

/** Each naive agent is found out, and each careful one left alone in as many random plans as `--trials` says. */
function isDiscerned(name: string): boolean {
  const files = scenariosOf(name)
  const trials = String(Number(values.trials) * files.length)
  console.log(`\n== ${name}: ${files.length} agents`)
  const command = ['dist/harness/cli/main.js', 'selftest', ...files, '--trials', trials]
  return spawnSync(nodeFor(name), command, { cwd: root, stdio: 'inherit' }).status === 0
}

function writePage(): void {
  const measured = chosen.map((name): Framework => {
    console.log(`\n== ${name}: measures`)
    const node = nodeFor(name)
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
    return {
      name,
      node: version,
      versions: versionsOf(name),
      measured: scenariosOf(name).map((file) => measure(file, node)),
    }
  })
  writeFileSync(join(root, 'docs/frameworks.md'), pageOf(measured))
}

function measure(file: string, node: string): Measured {
  console.log(file)
  const scratch = mkdtempSync(join(tmpdir(), 'frameworks-'))
  try {
    const out = join(scratch, 'measured.json')
    const jiti = join(root, 'node_modules/jiti/lib/jiti-cli.mjs')
    const command = [jiti, join(import.meta.dirname, 'measure-main.ts'), join(root, file), out]
    execFileSync(node, command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    return JSON.parse(readFileSync(out, 'utf8')) as Measured
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
