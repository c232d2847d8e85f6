/** Tries every kind of project, with runners that are installed for it into a folder of their own. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { consumers } from './consumers.js'
import { problemsOf } from './try.js'

const packages = ['ts-jest@^29', 'typescript@^5.9', 'tsx@^4', 'bun@^1', 'deno@^2']
const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-runners-'))
writeFileSync(join(folder, 'package.json'), '{"private":true}')
// Bun and Deno put their program in place when they are installed.
const args = ['install', '--no-audit', '--no-fund', '--silent', '--foreground-scripts', ...packages]
execFileSync('npm', args, { cwd: folder, stdio: 'inherit' })
let failed = 0
for (const consumer of consumers) {
  const problems = await problemsOf(consumer, [join(folder, 'node_modules')])
  if (problems.length > 0) failed++
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${consumer.name}`)
  for (const problem of problems) console.log(problem)
}
console.log(`${consumers.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
