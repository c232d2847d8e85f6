/** Pages in files, opened as a user opens them, with a record of whatever they did beside being shown. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Report } from '../../harness/contracts/report/report.js'
import { html } from '../../reports/index.js'

export interface Opened {
  readonly page: Page
  /** Errors, console messages, dialogs, and requests for anything but the page. */
  readonly incidents: readonly string[]
}

const folder = mkdtempSync(join(tmpdir(), 'agent-chaos-pages-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
let count = 0

/** `anchor` is what stands behind the `#`. */
export async function open(
  browser: Browser,
  report: Report,
  options: BrowserContextOptions = {},
  anchor = '',
): Promise<Opened> {
  const file = join(folder, `${count++}.html`)
  writeFileSync(file, html(report))
  const url = pathToFileURL(file).href
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const incidents: string[] = []
  page.on('console', (message) => incidents.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
      incidents.push(`request: ${request.url()}`)
  })
  await page.goto(anchor === '' ? url : `${url}#${anchor}`)
  return { page, incidents }
}
