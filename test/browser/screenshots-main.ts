/**
 * Makes the README's pictures of the report: runs the scenarios that ship, opens their page, and takes what it shows. The
 * pictures stand in `.github/images`, where they are no part of the package.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launch } from './chromium.js'
import { open } from './pages.js'

interface Picture {
  readonly file: string
  readonly options?: BrowserContextOptions
  /** Unfolds it. */
  readonly anchor?: string
  readonly take: (page: Page, path: string) => Promise<unknown>
}

const lostKey = 'violation-key-per-attempt.effects-exactly-once.duplicated-refund'

const pictures: readonly Picture[] = [
  { file: 'report.png', take: (page, path) => page.screenshot({ path }) },
  { file: 'report-dark.png', options: { colorScheme: 'dark' }, take: (page, path) => page.screenshot({ path }) },
  {
    file: 'report-trial.png',
    anchor: 'scenario-key-per-attempt',
    take: async (page, path) => {
      const card = page.locator(`[id^="${lostKey}"].violation`)
      await card.locator('.lane-tool a.bar').last().click()
      await page.mouse.move(0, 0)
      await card.screenshot({ path })
    },
  },
  {
    file: 'report-reliability.png',
    anchor: 'scenario-support-desk',
    take: (page, path) => page.locator('#scenario-support-desk .reliability').screenshot({ path }),
  },
]

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, '.github/images')
const bytesMost = 240_000

function shippedResult(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'agent-chaos-screenshots-'))
  try {
    const file = join(scratch, 'result.json')
    const sweep = ['--sweep', '0,0.2,0.4', '--sweep-trials', '100']
    const command = ['dist/harness/cli/main.js', 'run', 'scenarios/', ...sweep, '--quiet', '--json', file]
    const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
    if (status !== 0) throw new Error(`the scenarios that ship did not pass: exit code ${status}`)
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const report = JSON.parse(shippedResult())
mkdirSync(folder, { recursive: true })
const browser = await launch()
try {
  for (const { file, options, anchor, take } of pictures) {
    const shape = { viewport: { width: 1200, height: 760 }, deviceScaleFactor: 1.5, ...options }
    const { page } = await open(browser, report, shape, anchor)
    await take(page, join(folder, file))
    const { size } = statSync(join(folder, file))
    if (size > bytesMost) throw new Error(`${file} has ${size} bytes, and ${bytesMost} are enough for a picture`)
    process.stdout.write(`${file}: ${size} bytes\n`)
  }
} finally {
  await browser.close()
}
