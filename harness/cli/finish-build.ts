/**
 * The last step of the build. It publishes the JSON Schemas, puts what the compiler leaves behind beside
 * what reads it, writes the entries for `require`, and makes the command executable.
 */
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { configJsonSchema } from '../contracts/options/config-schema.js'
import { reportJsonSchema } from '../contracts/report/report.js'
import { selftestJsonSchema } from '../contracts/report/selftest-report.js'
import { namesOf, requireEntry, requireTypes } from './require-entry.js'

const dist = new URL('../../', import.meta.url)
const schemas = {
  'config.schema.json': configJsonSchema(),
  'report.schema.json': reportJsonSchema(),
  'selftest.schema.json': selftestJsonSchema(),
}
for (const [file, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(file, dist), `${JSON.stringify(schema, null, 2)}\n`)
}
for (const part of ['client.js', 'style']) {
  cpSync(new URL(`../reports/html/${part}`, dist), new URL(`reports/html/${part}`, dist), { recursive: true })
}
const manifest = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly require?: { readonly default: string } }>>
}
for (const entry of Object.values(manifest.exports)) {
  const file = typeof entry === 'string' ? undefined : entry.require?.default
  if (file === undefined) continue
  const at = new URL(`../${file}`, dist)
  const module = basename(file).replace(/cjs$/, 'js')
  writeFileSync(at, requireEntry(module, file === './dist/harness/index.cjs'))
  writeFileSync(
    new URL(at.href.replace(/\.cjs$/, '.d.cts')),
    requireTypes(module, namesOf(await import(new URL(module, at).href))),
  )
}
cpSync(new URL('../harness/sandbox/guard.cjs', dist), new URL('harness/sandbox/guard.cjs', dist))
for (const template of ['first.chaos.txt', 'workflow.txt']) {
  cpSync(new URL(`../harness/cli/init/${template}`, dist), new URL(`harness/cli/init/${template}`, dist))
}
chmodSync(new URL('harness/cli/main.js', dist), 0o755)
