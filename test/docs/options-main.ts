/** `npm run options`: writes the reference page of options. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'
import { optionsPage } from './options.js'

writeFileSync(join(root, 'docs/options.md'), optionsPage())
