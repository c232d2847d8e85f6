/** `npm run invariants`: writes the reference page of invariants. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import { invariantsPage } from './invariants.js'

writeFileSync(join(root, 'docs/invariants.md'), invariantsPage())
