// @ts-check
/**
 * What the page does beside being read: filters, copying, links into what is folded away, and the timeline under the
 * pointer and the keys. Without it everything is there all the same. It makes no markup from text.
 */
{
  /** @template {Element} T @param {string} selector @param {new () => T} type @param {ParentNode} [within] @returns {T[]} */
  const all = (selector, type, within = document) =>
    /** @type {T[]} */ ([...within.querySelectorAll(selector)].filter((found) => found instanceof type))

  // Links into what is folded away.

  /** @param {Element} element */
  const reveal = (element) => {
    for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
      if (at instanceof HTMLDetailsElement) at.open = true
    }
    const own = element.querySelector(':scope > details')
    if (element.matches('article.scenario') && own instanceof HTMLDetailsElement) own.open = true
  }

  const followHash = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (target === null) return
    if (target.closest('[hidden]') !== null) clearFilters()
    reveal(target)
    target.scrollIntoView()
  }

  // Copying.

  /** @param {string} text */
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Where a page from a file may not use the clipboard.
      const area = document.createElement('textarea')
      area.value = text
      document.body.append(area)
      area.select()
      document.execCommand('copy')
      area.remove()
    }
  }

  for (const button of all('button[data-copy]', HTMLButtonElement)) {
    button.hidden = false
    const label = button.textContent ?? ''
    button.addEventListener('click', async () => {
      await copy(button.parentElement?.querySelector('code')?.textContent ?? '')
      button.focus()
      button.textContent = 'Copied'
      setTimeout(() => {
        button.textContent = label
      }, 1500)
    })
  }

  // Filters.

  const form = all('form.filters', HTMLFormElement)[0]
  const articles = all('article.scenario', HTMLElement)

  /** @param {HTMLElement} article @param {FormData} wanted */
  const matches = (article, wanted) => {
    const { name = '', verdict, kind } = article.dataset
    const invariant = wanted.get('invariant')
    return (
      name.toLowerCase().includes(String(wanted.get('name') ?? '').toLowerCase()) &&
      (!wanted.get('verdict') || wanted.get('verdict') === verdict) &&
      (!invariant ||
        all('.violation', HTMLElement, article).some((violation) => violation.dataset.invariant === invariant)) &&
      (kind !== 'canary' || !form?.elements.namedItem('canaries') || wanted.get('canaries') !== null)
    )
  }

  const filter = () => {
    if (form === undefined) return
    const wanted = new FormData(form)
    const invariant = wanted.get('invariant')
    let shown = 0
    for (const article of articles) {
      article.hidden = !matches(article, wanted)
      if (!article.hidden) shown++
      for (const row of all('tr[data-row]', HTMLElement)) {
        if (row.dataset.row === article.id) row.hidden = article.hidden
      }
      for (const violation of all('.violation', HTMLElement, article)) {
        violation.hidden = Boolean(invariant) && violation.dataset.invariant !== invariant
      }
    }
    const output = form.querySelector('output')
    if (output !== null) output.textContent = shown === articles.length ? '' : `${shown} of ${articles.length} shown`
  }

  const clearFilters = () => {
    form?.reset()
    filter()
  }

  if (form !== undefined) {
    form.hidden = false
    form.addEventListener('input', filter)
    form.addEventListener('submit', (event) => event.preventDefault())
  }

  // The timeline.

  /** @param {SVGAElement} link */
  const select = (link) => {
    const trial = link.closest('[data-trial]')
    const source = document.getElementById(link.href.baseVal.slice(1))
    const inspector = trial?.querySelector('.inspector')
    if (!trial || source === null || !(inspector instanceof HTMLElement)) return
    for (const other of all('.plot a', SVGAElement, trial)) {
      other.classList.toggle('selected', other === link)
      other.setAttribute('tabindex', other === link ? '0' : '-1')
    }
    const content = source.cloneNode(true)
    if (content instanceof Element) content.removeAttribute('id')
    inspector.replaceChildren(content)
    inspector.hidden = false
  }

  /** @param {SVGAElement} link */
  const middleOf = (link) => {
    const { left, top, height } = link.getBoundingClientRect()
    return { left, middle: top + height / 2 }
  }

  /** The nearest one in a direction: along time, or in the lanes above and below. @param {SVGAElement} from @param {string} key */
  const neighbour = (from, key) => {
    const here = middleOf(from)
    const links = all('a', SVGAElement, from.closest('svg') ?? document)
    const sorted = links
      .map((link) => ({ link, ...middleOf(link) }))
      .filter(({ link, left, middle }) => {
        if (link === from) return false
        if (key === 'ArrowRight') return left > here.left || (left === here.left && middle > here.middle)
        if (key === 'ArrowLeft') return left < here.left || (left === here.left && middle < here.middle)
        return key === 'ArrowDown' ? middle > here.middle + 8 : middle < here.middle - 8
      })
      .sort((a, b) =>
        key === 'ArrowRight' || key === 'ArrowLeft'
          ? Math.abs(a.left - here.left) - Math.abs(b.left - here.left) ||
            Math.abs(a.middle - here.middle) - Math.abs(b.middle - here.middle)
          : Math.abs(a.middle - here.middle) * 4 -
            Math.abs(b.middle - here.middle) * 4 +
            Math.abs(a.left - here.left) -
            Math.abs(b.left - here.left),
      )
    return sorted[0]?.link
  }

  for (const plot of all('.plot', HTMLElement)) {
    const links = all('a', SVGAElement, plot)
    links.forEach((link, index) => {
      if (index > 0) link.setAttribute('tabindex', '-1')
    })
    plot.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (!(link instanceof SVGAElement)) return
      event.preventDefault()
      select(link)
    })
    plot.addEventListener('keydown', (event) => {
      if (!event.key.startsWith('Arrow')) return
      const from = document.activeElement
      const next = from instanceof SVGAElement ? neighbour(from, event.key) : links[0]
      if (next === undefined) return
      event.preventDefault()
      next.focus()
      next.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      select(next)
    })
  }

  // Print shows what is folded away.

  /** @type {HTMLDetailsElement[]} */
  let opened = []
  addEventListener('beforeprint', () => {
    opened = all('details', HTMLDetailsElement).filter((details) => !details.open && !details.closest('.list'))
    for (const details of opened) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false
  })

  addEventListener('hashchange', followHash)
  if (location.hash !== '') followHash()
}
