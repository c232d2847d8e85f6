/** A step of the build: writes the published JSON Schema of a report to the file named by the first argument. */
import { writeFileSync } from 'node:fs'
import { reportJsonSchema } from '../report.js'

const [, , file] = process.argv
if (file === undefined) throw new Error('the name of the file to write is expected')
writeFileSync(file, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`)
