/** Markup that is safe by construction. */
import { describe, expect, it } from 'vitest'
import { cut, html, long, ours } from '../../../reports/html/markup.js'

const render = (text: string) => html`${text}`.markup

describe('html', () => {
  it('escapes text, in content and in attributes', () => {
    const text = `<a href="x">&'</a>`

    expect(html`<p title="${text}">${text}</p>`.markup).toBe(
      '<p title="&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;">&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;</p>',
    )
  })

  it('leaves what came out of a template as it is, in lists too', () => {
    expect(html`<ul>${['<a>', '<b>'].map((name) => html`<li>${name}</li>`)}</ul>`.markup).toBe(
      '<ul><li>&lt;a&gt;</li><li>&lt;b&gt;</li></ul>',
    )
  })

  it('writes nothing for what is not there', () => {
    expect(html`${null}${undefined}${false}${''}${0}`.markup).toBe('0')
  })

  it('cannot be fooled by an object that looks like markup', () => {
    const forged = JSON.parse('{"markup":"<script>"}') as string

    expect(render(forged)).toBe('')
  })

  it('shows control characters by their pictures, and names marks that reorder or hide', () => {
    expect(render('\u0000\u001b[2J\u0007\u007f')).toBe('␀␛[2J␇␡')
    expect(render('a\u202eb\u200bc\u2028d\ufeff\u009b\u{e0041}')).toBe(
      'a[U+202E]b[U+200B]c[U+2028]d[U+FEFF][U+009B][U+E0041]',
    )
    expect(render('\ud800')).toBe('[U+D800]')
  })

  it('leaves alone what people write: line breaks, tabs, accents, joined emoji, scripts from right to left', () => {
    const text = 'a\tb\nè 👩‍👩‍👧 שלום می‌خواهم'

    expect(render(text)).toBe(text)
    expect(render('a\r\nb')).toBe('a\nb')
  })

  it('cuts what is too long to be a name, and says how much it left out', () => {
    expect(render('x'.repeat(10_000_000))).toBe(`${'x'.repeat(600)} … 9,999,400 more characters left out`)
  })

  it('shows more of a text where that is asked for, and never half a character', () => {
    expect(long('abc', 3).markup).toBe('abc')
    expect(long('<bcd', 2).markup).toBe('&lt;b<span class="cut"> … 2 more characters left out</span>')
    expect(cut('a😀b', 2)).toBe('a … 3 more characters left out')
  })

  it('counts what was left out before', () => {
    expect(cut(cut('x'.repeat(5000), 1000), 100)).toBe(`${'x'.repeat(100)} … 4,900 more characters left out`)
    expect(cut(cut('x'.repeat(5000), 1000), 1000)).toBe(`${'x'.repeat(1000)} … 4,000 more characters left out`)
  })

  it('takes our own text as it is, whatever its length', () => {
    expect(html`<path d="${ours('M0 0'.repeat(1000))}"/>`.markup).toHaveLength(4012)
  })
})
