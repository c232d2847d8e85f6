/** The browser that the tests drive: the Chromium of this machine, for nothing is downloaded. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** `CHROMIUM`, or the first on the path. Throws with what to do where there is none. */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string {
  const folders = (env.PATH ?? '').split(delimiter)
  const candidates = env.CHROMIUM
    ? [env.CHROMIUM]
    : folders.flatMap((folder) => names.map((name) => join(folder, name)))
  const found = candidates.find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    'These tests need Chromium, and none is here: install it (on Debian: apt-get install chromium), or set CHROMIUM to its path.',
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function launch(): Promise<Browser> {
  // In containers the tests run as root, where Chromium's sandbox does not start.
  return chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })
}

/** Asked once before all tests, so that a machine without Chromium says so in one place. */
export default function setup(): void {
  chromiumPath()
}
