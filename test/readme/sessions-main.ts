/** `npm run sessions`: runs the commands that README and docs show, and puts what they print into them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, shell } from '../support/cli/command.js'
import { projectFromTarball } from './project.js'
import { sessions, snippets, timeless } from './readme.js'

const project = projectFromTarball(snippets)
for (const { file, command, output } of sessions) {
  const { stdout } = await shell(command, { cwd: project })
  if (timeless(stdout) === timeless(output)) continue
  const page = join(root, file)
  const shown = `$ ${command}\n${output}`
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(shown, () => `$ ${command}\n${stdout.trimEnd()}\n`),
  )
}
