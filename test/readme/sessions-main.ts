/** `npm run sessions`: runs the commands that the README shows, and puts what they print into it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, shell } from '../support/cli/command.js'
import { projectFromTarball } from './project.js'
import { readme, sessions, snippets, timeless } from './readme.js'

const project = projectFromTarball(snippets)
let text = readme
for (const { command, output } of sessions) {
  const { stdout } = await shell(command, { cwd: project })
  if (timeless(stdout) !== timeless(output))
    text = text.replace(`$ ${command}\n${output}`, () => `$ ${command}\n${stdout.trimEnd()}\n`)
}
writeFileSync(join(root, 'README.md'), text)
