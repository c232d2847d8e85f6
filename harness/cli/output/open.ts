/** Shows a file to the user with the program that the system has for it. */
import { spawn } from 'node:child_process'

/** Resolves once it was handed over; rejects where the system has nothing to open files with. */
export function openWithSystem(path: string, platform: NodeJS.Platform): Promise<void> {
  const [command, ...args] = openerOf(path, platform)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

function openerOf(path: string, platform: NodeJS.Platform): readonly [command: string, ...args: string[]] {
  switch (platform) {
    case 'darwin':
      return ['open', path]
    case 'win32':
      // Unlike `start`, which is of the shell, it takes the path as it is.
      return ['explorer.exe', path]
    default:
      return ['xdg-open', path]
  }
}
