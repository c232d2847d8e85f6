/** The report in a real browser: what is drawn against the data, what can be done with pointer and keys, and for whom. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { measureReport } from '../fixtures/cli/measure.js'
import { events } from '../fixtures/cli/trace.js'
import { attacks, hostile } from '../fixtures/reports/attacks.js'
import { everything, unreliable } from '../fixtures/reports/everything.js'
import { launch } from './chromium.js'
import { open } from './pages.js'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})
afterAll(() => browser.close())

const violationId = 'violation-refund-naive.effects-exactly-once.applied-twice'
const byId = (page: Page, id: string) => page.locator(`[id="${id}"]`)
const call = events.findIndex((event) => event.kind === 'call' && event.site.boundary === 'tool')

/** Waits: the page hears of a new address, or of an input, a little after the browser. */
async function expectVisible(page: Page, id: string, visible: boolean): Promise<void> {
  await byId(page, id).waitFor({ state: visible ? 'visible' : 'hidden' })
}

/** Of what the page does a little after it was asked to. As patient as the browser's own waits. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 })

describe('the page', () => {
  it('opens from a file without an error and without a request', async () => {
    const { page, incidents } = await open(browser, everything)

    expect(await page.locator('h1').innerText()).toBe('Violated')
    expect(incidents).toEqual([])
  })

  it('says all that matters without a script', async () => {
    const { page } = await open(browser, everything, { javaScriptEnabled: false })

    expect(await page.locator('form.filters').isVisible()).toBe(false)
    expect(await page.locator('button').filter({ visible: true }).count()).toBe(0)
    expect(await byId(page, violationId).locator('.story').innerText()).toContain('applied twice')
    await byId(page, violationId).locator('.events > summary').click()
    await byId(page, violationId).locator('.list summary').nth(1).click()
    await expectVisible(page, `${violationId}.trial-e${call}`, true)
  })

  it.each([320, 390, 768])('has no sideways scroll at %i pixels', async (width) => {
    const { page } = await open(browser, everything, { viewport: { width, height: 800 } })
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })

  it('prints what is folded away', async () => {
    const { page } = await open(browser, everything)
    const folded = page.locator('article.scenario > details:not([open]), details.caught:not([open])')
    expect(await folded.count()).toBeGreaterThan(0)
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(await folded.count()).toBe(0)
    expect((await page.pdf()).byteLength).toBeGreaterThan(10_000)
  })
})

describe('the curve', () => {
  it('stands where the data are: shares and spends on the scales that the axes name', async () => {
    const { page } = await open(browser, { ...everything, scenarios: everything.scenarios.slice(0, 1) })
    const curve = page.locator('.curve')
    const ticks = await curve
      .locator('.grid text[text-anchor="end"]:not(.name)')
      .evaluateAll((labels) =>
        labels.map((label) => [Number(label.textContent), Number(label.getAttribute('y')) - 4] as const),
      )
    const [[low = 0, bottom = 0] = [], [high = 0, top = 0] = []] = [ticks.at(0), ticks.at(-1)]
    const marks = await curve
      .locator('circle')
      .evaluateAll((circles) => circles.map((circle) => Number(circle.getAttribute('cy'))))
    const points = measureReport().curve.points.filter(({ share }) => share >= low)

    expect(points.length).toBeGreaterThan(3)
    expect(marks).toHaveLength(points.length)
    for (const [index, { share }] of points.entries()) {
      const expected = bottom + ((share - low) / (high - low)) * (top - bottom)
      expect(Math.abs((marks[index] ?? 0) - expected), `share ${share}`).toBeLessThan(1)
    }
  })

  it('shows the same figures in its table', async () => {
    const { page } = await open(browser, { ...everything, scenarios: everything.scenarios.slice(0, 1) })
    await page.locator('.figures > summary').click()

    expect(await page.locator('.figures tbody tr').allInnerTexts()).toEqual(
      measureReport().curve.points.map(({ spend, share }) => `${spend} usd\t${share.toFixed(3)}`),
    )
  })
})

describe('a timeline', () => {
  it('has a bar for every call in the lane of its site, in order, and marks what shows the violation', async () => {
    const { page } = await open(browser, everything)
    const trial = byId(page, `${violationId}.trial`)
    const boxes = async (selector: string) => {
      const all = await trial.locator(selector).all()
      return Promise.all(
        all.map(async (one) => ({ ...(await one.boundingBox()), href: await one.getAttribute('href') })),
      )
    }
    const bars = await boxes('.lane-tool a.bar')
    const calls = events.flatMap((event, index) =>
      event.kind === 'call' && event.site.boundary === 'tool' ? [`#${violationId}.trial-e${index}`] : [],
    )

    expect(bars.map(({ href }) => href)).toEqual(calls)
    expect(bars[1]?.x).toBeGreaterThanOrEqual((bars[0]?.x ?? 0) + (bars[0]?.width ?? 0) - 30)
    expect(await trial.locator('.lane-tool a.bar').first().getAttribute('class')).toContain('failed struck')
    expect(await trial.locator('.lane-tool .retry').count()).toBe(1)
    expect((await boxes('.lane-ledger a.effect.evidence')).map(({ href }) => href)).toEqual(
      [5, 12].map((index) => `#${violationId}.trial-e${index}`),
    )
  })

  it('shows request and response of what is clicked', async () => {
    const { page, incidents } = await open(browser, everything)
    const trial = byId(page, `${violationId}.trial`)
    await trial.locator('.lane-tool a.bar').first().click()
    const inspector = trial.locator('.inspector')

    expect(await inspector.innerText()).toContain('tool:refund#1 from 0.500 s, for 10.000 s')
    expect(await inspector.innerText()).toContain('"orderId": "42"')
    expect(await inspector.innerText()).toContain('ETIMEDOUT')
    expect(incidents).toEqual([])
  })

  it('is gone through by keys: along time with left and right, between lanes with up and down', async () => {
    const { page } = await open(browser, everything)
    const trial = byId(page, `${violationId}.trial`)
    const title = () => trial.locator('.inspector .title').innerText()
    await trial.locator('.plot').focus()
    await page.keyboard.press('ArrowRight')
    expect(await title()).toContain('model:claude-opus-5-5#1')
    await page.keyboard.press('ArrowRight')
    expect(await title()).toContain('tool:refund#1')
    await page.keyboard.press('ArrowDown')
    expect(await title()).toContain('effect:refund#1')
    await page.keyboard.press('ArrowUp')
    expect(await title()).toContain('tool:refund#1')
    await page.keyboard.press('ArrowLeft')
    expect(await title()).toContain('model:claude-opus-5-5#1')
  })

  it('takes one stop of the tab key, however many events it has', async () => {
    const { page } = await open(browser, everything)
    const stops = byId(page, `${violationId}.trial`).locator('.plot a:not([tabindex="-1"])')

    expect(await stops.count()).toBe(1)
  })

  it('stands beside the trial without faults', async () => {
    const { page } = await open(browser, everything)
    const beside = byId(page, violationId).locator('.beside')
    await beside.locator('summary').click()

    expect(await beside.locator('.plot use:not(.names-within)').count()).toBe(2)
    for (const use of await beside.locator('.plot use:not(.names-within)').all())
      expect((await use.boundingBox())?.width).toBeGreaterThan(400)
    expect(await beside.locator('tr.same').count()).toBe(unreliable.baselineEvents?.length)
    expect(await beside.locator('tr.added').first().innerText()).toContain('tool/reply-lost')
  })

  it.each([
    [1280, 'beside'],
    [390, 'above'],
  ] as const)('at %i pixels stands %s the trial without faults', async (width, where) => {
    const { page } = await open(browser, everything, { viewport: { width, height: 900 } })
    const beside = byId(page, violationId).locator('.beside')
    await beside.locator('summary').first().click()
    const [one, other] = await Promise.all([0, 1].map((index) => beside.locator('.plot').nth(index).boundingBox()))
    const isBeside = (one?.x ?? 0) + (one?.width ?? 0) <= (other?.x ?? 0)
    const isAbove = (one?.y ?? 0) + (one?.height ?? 0) <= (other?.y ?? 0)

    expect(isBeside ? 'beside' : isAbove ? 'above' : 'over').toBe(where)
  })
})

describe('links', () => {
  it('lead from the top to a violation, and open what it is folded into', async () => {
    const { page } = await open(browser, everything)
    await page.locator('article.scenario > details[open] > summary').first().click()
    await expectVisible(page, violationId, false)
    await page.locator(`.attention a[href="#${violationId}"]`).click()

    await expectVisible(page, violationId, true)
    await eventually(async () => (await byId(page, violationId).boundingBox())?.y).toBeLessThan(100)
  })

  it('lead to a violation from outside, in a scenario that is folded away', async () => {
    const id = 'violation-charge-twice.effects-exactly-once.applied-twice'
    const { page } = await open(browser, everything, {}, id)

    await expectVisible(page, id, true)
  })

  it('lead from the heat map to what was broken there', async () => {
    const { page } = await open(browser, everything)
    await page.locator('.cell.broke a').first().click()

    await eventually(() => page.evaluate('location.hash')).toBe(`#${violationId}`)
  })
})

describe('filters', () => {
  const visibleIn = async (page: Page) => {
    const titles = await page.locator('article.scenario').filter({ visible: true }).locator('h3').allInnerTexts()
    return titles.map((title) => title.trim())
  }

  it('narrow by name, by verdict and by what was violated, and say how many are left', async () => {
    const { page } = await open(browser, everything)
    await page.getByLabel('Name').fill('REFUND')
    await eventually(() => visibleIn(page)).toEqual(['refund-naive', 'refund-with-a-key', 'refund-order'])
    await eventually(() => page.locator('.filters output').innerText()).toBe('3 of 7 shown')
    await page.getByLabel('Verdict').selectOption('passed')
    await eventually(() => visibleIn(page)).toEqual(['refund-with-a-key', 'refund-order'])
    await page.getByLabel('Name').fill('')
    await page.getByLabel('Verdict').selectOption('')
    await page.locator('select[name="invariant"]').selectOption('terminates')
    await eventually(() => visibleIn(page)).toEqual(['refund-naive'])
    await expectVisible(page, violationId, false)
    expect(await page.locator('tr[data-row]').filter({ visible: true }).count()).toBe(1)
  })

  it('leave out the canaries', async () => {
    const { page } = await open(browser, everything)
    await page.getByLabel('canaries').uncheck()

    await eventually(() => visibleIn(page)).not.toContain('charge-twice')
    await eventually(() => visibleIn(page)).toHaveLength(5)
  })

  it('give way to a link into what they hide', async () => {
    const { page } = await open(browser, everything)
    await page.getByLabel('Name').fill('nothing is called so')
    await eventually(() => visibleIn(page)).toEqual([])
    await page.locator(`.attention a[href="#${violationId}"]`).click()

    await expectVisible(page, violationId, true)
  })

  const address = (page: Page) => page.evaluate('location.hash') as Promise<string>
  const naive = ['refund-naive', 'refund-with-a-key', 'refund-order']

  it('are set by the address that the page is opened at', async () => {
    const { page, incidents } = await open(browser, everything, {}, '?name=refund&verdict=passed&canaries=no')

    await eventually(() => visibleIn(page)).toEqual(['refund-with-a-key', 'refund-order'])
    expect(await page.getByLabel('Name').inputValue()).toBe('refund')
    expect(await page.getByLabel('Verdict').inputValue()).toBe('passed')
    expect(await page.getByLabel('canaries').isChecked()).toBe(false)
    await eventually(() => page.locator('.filters output').innerText()).toBe('2 of 7 shown')
    expect(incidents).toEqual([])
  })

  it('stand in the address, so that another who opens it sees the same', async () => {
    const { page } = await open(browser, everything)
    await page.getByLabel('Name').fill('refund')
    await page.getByLabel('Verdict').selectOption('passed')
    await page.getByLabel('canaries').uncheck()
    await eventually(() => address(page)).toBe('#?name=refund&verdict=passed&canaries=no')
    const other = await page.context().newPage()
    await other.goto(page.url())

    await eventually(() => visibleIn(other)).toEqual(await visibleIn(page))
    await page.getByLabel('Name').fill('')
    await page.getByLabel('Verdict').selectOption('')
    await page.getByLabel('canaries').check()
    await eventually(() => address(page)).toBe('')
  })

  it('go back one choice at a time, and a word at once', async () => {
    const { page } = await open(browser, everything)
    await page.getByLabel('Name').pressSequentially('refund')
    await page.getByLabel('Verdict').selectOption('passed')
    await eventually(() => visibleIn(page)).toEqual(naive.slice(1))
    await page.goBack()
    await eventually(() => visibleIn(page)).toEqual(naive)
    expect(await page.getByLabel('Verdict').inputValue()).toBe('')
    await page.goBack()
    await eventually(() => visibleIn(page)).toHaveLength(7)
    expect(await page.getByLabel('Name').inputValue()).toBe('')
    await page.goForward()
    await eventually(() => visibleIn(page)).toEqual(naive)
  })

  it('are there again after a link was followed and left', async () => {
    const { page } = await open(browser, everything, {}, '?name=nothing')
    await eventually(() => visibleIn(page)).toEqual([])
    await page.locator(`.attention a[href="#${violationId}"]`).click()
    await expectVisible(page, violationId, true)
    await page.goBack()
    await expectVisible(page, violationId, false)

    await eventually(() => visibleIn(page)).toEqual([])
  })
})

describe('copying', () => {
  const [violation] = unreliable.violations

  it('takes the command to the clipboard, to the letter', async () => {
    const { page } = await open(browser, everything, { permissions: ['clipboard-read', 'clipboard-write'] })
    await byId(page, violationId).getByRole('button', { name: 'Copy' }).click()
    await byId(page, violationId).getByRole('button', { name: 'Copied' }).waitFor()

    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(violation?.environment.command)
  })

  it('does so too where a page may not use the clipboard', async () => {
    const { page } = await open(browser, everything, { permissions: ['clipboard-read'] })
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))")
    await byId(page, violationId).getByRole('button', { name: 'Copy' }).click()
    await byId(page, violationId).getByRole('button', { name: 'Copied' }).waitFor()

    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(violation?.environment.command)
  })
})

describe('for everybody', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe finds no serious fault in %s at %i pixels', async (colorScheme, width) => {
    const { page } = await open(browser, everything, { colorScheme, viewport: { width, height: 900 } })
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    await byId(page, `${violationId}.trial`).locator('.lane-tool a.bar').first().click()
    await page.evaluate(axe)
    const result = (await page.evaluate('axe.run(document)')) as {
      readonly passes: readonly unknown[]
      readonly violations: readonly {
        readonly id: string
        readonly impact: string
        readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
      }[]
    }
    const serious = result.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.length} times, as in ${nodes[0]?.html} (${nodes[0]?.failureSummary})`)

    expect(serious).toEqual([])
    expect(result.passes.length).toBeGreaterThan(20)
  })
})

describe('nothing hostile', () => {
  const elements = (page: Page) =>
    page.evaluate(
      "[...new Set([...document.querySelectorAll('*')].flatMap((e) => [e.localName, ...e.getAttributeNames()]))].sort()",
    ) as Promise<string[]>

  let honest: ReadonlySet<string>
  beforeAll(async () => {
    honest = new Set(await elements((await open(browser, everything)).page))
  })

  it.each(Object.entries(attacks))('what %s', async (_what, attack) => {
    const { page, incidents } = await open(browser, hostile(everything, attack))
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    for (const link of await page.locator('.plot a').all()) {
      if ((await link.getAttribute('class'))?.startsWith('bar')) await link.dispatchEvent('click')
    }

    expect((await elements(page)).filter((name) => !honest.has(name))).toEqual([])
    expect(incidents).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280)
  })
})
