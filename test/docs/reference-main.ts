/** `npm run reference`: writes the reference pages that are made of the code. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../support/cli/command.js'
import { referencePages } from './reference.js'

for (const [file, text] of referencePages()) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
