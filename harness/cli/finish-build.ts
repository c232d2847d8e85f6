/**
 * The last step of the build. It publishes the JSON Schemas of the reports, puts what the compiler leaves behind beside
 * what reads it, and makes the command executable.
 */
import { chmodSync, cpSync, writeFileSync } from 'node:fs'
import { reportJsonSchema } from '../contracts/report/report.js'
import { selftestJsonSchema } from '../contracts/report/selftest-report.js'

const dist = new URL('../../', import.meta.url)
const schemas = { 'report.schema.json': reportJsonSchema(), 'selftest.schema.json': selftestJsonSchema() }
for (const [file, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(file, dist), `${JSON.stringify(schema, null, 2)}\n`)
}
for (const part of ['client.js', 'style']) {
  cpSync(new URL(`../reports/html/${part}`, dist), new URL(`reports/html/${part}`, dist), { recursive: true })
}
chmodSync(new URL('harness/cli/main.js', dist), 0o755)
