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
    typedIn = null
    // The page's own address, which one comes back to, says that nothing is filtered.
    if (location.hash === '' || location.hash.startsWith(filtersMark)) return readFilters()
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
    for (const group of all('[data-rows]', HTMLElement)) {
      group.hidden = all('tr[data-row]', HTMLElement, group).every((row) => row.hidden)
    }
    const output = form.querySelector('output')
    if (output !== null) output.textContent = shown === articles.length ? '' : `${shown} of ${articles.length} shown`
  }

  const clearFilters = () => {
    form?.reset()
    filter()
  }

  // In the address, behind what no anchor begins with: a page from a file may change no more of it than that. Each choice
  // is one step back; so is a whole word, and not each of its letters.

  const filtersMark = '#?'
  /** @type {EventTarget | null} */
  let typedIn = null

  /** @param {Event} event */
  function writeFilters({ target }) {
    if (form === undefined) return
    const wanted = new URLSearchParams()
    for (const [name, value] of new FormData(form)) {
      if (name !== 'canaries' && typeof value === 'string' && value !== '') wanted.set(name, value)
    }
    const box = form.elements.namedItem('canaries')
    if (box instanceof HTMLInputElement && !box.checked) wanted.set('canaries', 'no')
    const text = wanted.toString()
    const address = text === '' ? '#' : filtersMark + text
    if (target === typedIn) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
    typedIn = target instanceof HTMLInputElement && target.type !== 'checkbox' ? target : null
  }

  function readFilters() {
    if (form === undefined) return
    const wanted = new URLSearchParams(location.hash.slice(filtersMark.length))
    for (const field of form.elements) {
      if (field instanceof HTMLInputElement && field.type === 'checkbox')
        field.checked = wanted.get(field.name) !== 'no'
      else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)
        field.value = wanted.get(field.name) ?? ''
    }
    filter()
  }

  if (form !== undefined) {
    form.hidden = false
    form.addEventListener('input', (event) => {
      filter()
      writeFilters(event)
    })
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

  /** Their events' places in the trace are their order in time. @param {SVGAElement} link */
  const placeOf = (link) => Number(/-e(\d+)$/.exec(link.href.baseVal)?.[1])

  /** The nearest lane above or below, and in it what is nearest in time. @param {SVGAElement[]} links @param {SVGAElement} from @param {boolean} isDown */
  const across = (links, from, isDown) => {
    /** @param {SVGAElement} link */
    const spot = (link) => {
      const { left, top, height } = link.getBoundingClientRect()
      return { x: left, y: top + height / 2 }
    }
    const here = spot(from)
    return links
      .map((link) => {
        const { x, y } = spot(link)
        return { link, away: isDown ? y - here.y : here.y - y, aside: Math.abs(x - here.x) }
      })
      .filter(({ away }) => away > laneLeast)
      .sort((one, other) => laneWeight * (one.away - other.away) + one.aside - other.aside)[0]?.link
  }
  const laneLeast = 8
  const laneWeight = 4

  for (const plot of all('.plot', HTMLElement)) {
    const links = all('a', SVGAElement, plot).sort((one, other) => placeOf(one) - placeOf(other))
    for (const link of links.slice(1)) link.setAttribute('tabindex', '-1')
    plot.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (!(link instanceof SVGAElement)) return
      event.preventDefault()
      select(link)
    })
    plot.addEventListener('keydown', (event) => {
      if (!event.key.startsWith('Arrow')) return
      const from = document.activeElement
      const next = from instanceof SVGAElement ? neighbour(links, from, event.key) : links[0]
      if (next === undefined) return
      event.preventDefault()
      next.focus()
      next.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      select(next)
    })
  }

  /** @param {SVGAElement[]} links @param {SVGAElement} from @param {string} key */
  function neighbour(links, from, key) {
    if (key === 'ArrowRight') return links[links.indexOf(from) + 1]
    if (key === 'ArrowLeft') return links[links.indexOf(from) - 1]
    return across(links, from, key === 'ArrowDown')
  }

  // Print shows what is folded away, but for what only a screen has room for.

  /** @type {HTMLDetailsElement[]} */
  let opened = []
  addEventListener('beforeprint', () => {
    opened = all('details', HTMLDetailsElement).filter(
      (details) => !details.open && details.closest('.events, .beside, .figures') === null,
    )
    for (const details of opened) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false
  })

  addEventListener('hashchange', followHash)
  if (location.hash !== '') followHash()
}
