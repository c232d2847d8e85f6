/** `npm run detection`: prints the detection table, or with `--write` puts it into the README. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import { detect, tableOf, withTable } from './detection.js'

const table = tableOf(await detect())
if (process.argv.includes('--write')) {
  const readme = join(root, 'README.md')
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), table))
} else {
  console.log(table)
}
