/** The last step of the build: publishes the JSON Schema of a report, and makes the command executable. */
import { chmodSync, writeFileSync } from 'node:fs'
import { reportJsonSchema } from '../report.js'

const dist = new URL('../../', import.meta.url)
writeFileSync(new URL('report.schema.json', dist), `${JSON.stringify(reportJsonSchema(), null, 2)}\n`)
chmodSync(new URL('harness/cli/main.js', dist), 0o755)
