/** Tries every kind of project, with runners that are installed for it into a folder of their own. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { consumers } from './consumers.js'
import { pack, writeAll } from './project.js'
import { follow, strangers, wrongIn } from './strangers.js'
import { problemsOf } from './try.js'

async function installByNpm(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'agent-chaos-stranger-'))
  writeAll(files, cwd)
  execFileSync('npm', ['install', '--save-dev', '--no-audit', '--no-fund', '--silent', pack()], {
    cwd,
    stdio: 'inherit',
  })
  return cwd
}

const packages = ['ts-jest@^29', 'typescript@^5.9', 'tsx@^4', 'bun@^1', 'deno@^2']
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-runners-'))
writeFileSync(join(folder, 'package.json'), '{"private":true}')
// Bun and Deno put their program in place when they are installed.
const args = ['install', '--no-audit', '--no-fund', '--silent', '--foreground-scripts', ...packages]
execFileSync('npm', args, { cwd: folder, stdio: 'inherit' })
let failed = 0
const tell = (name: string, problems: readonly string[]) => {
  if (problems.length > 0) failed++
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  for (const problem of problems) console.log(problem)
}
for (const consumer of consumers) tell(consumer.name, await problemsOf(consumer, [join(folder, 'node_modules')]))
for (const stranger of strangers) {
  tell(`a stranger: ${stranger.name}`, wrongIn(stranger, await follow(stranger, installByNpm)))
}
console.log(`${consumers.length + strangers.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
