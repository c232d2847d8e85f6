/** `npm run detection`: prints the detection table, or with `--write` puts it into the docs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import { detect, tableOf, withTable } from './detection.js'

const table = tableOf(await detect())
if (process.argv.includes('--write')) {
  const page = join(root, 'docs/planted-bugs.md')
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), table))
} else {
  console.log(table)
}
