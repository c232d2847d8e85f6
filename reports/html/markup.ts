/**
 * Markup that is safe by construction. Whatever a template is given is escaped, made visible and cut to a length,
 * unless it came out of a template itself. Apart because the whole page rests on it, and nothing else here may join
 * markup.
 */

/** Markup that may stand as it is. Only this module makes it from text. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

export type HtmlPart = Html | string | number | false | null | undefined | readonly HtmlPart[]

/** A template: `html\`<p title="${a}">${b}</p>\``. Attributes stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let markup = strings[0] ?? ''
  parts.forEach((part, index) => {
    markup += markupOf(part) + (strings[index + 1] ?? '')
  })
  return new Html(markup)
}

function markupOf(part: HtmlPart): string {
  if (part instanceof Html) return part.markup
  if (typeof part === 'string') return escapeHtml(cut(part, usualMost))
  if (typeof part === 'number') return String(part)
  if (Array.isArray(part)) return part.map(markupOf).join('')
  return ''
}

/** Names, stories and messages are shorter; of a megabyte in their place nobody needs more. */
const usualMost = 600

/** Text of which more may be shown than of a name: at most `most` characters, and how many are left out. */
export function long(text: string, most: number): Html {
  const { shown, left } = splitText(text, most)
  return left === 0
    ? new Html(escapeHtml(shown))
    : html`${new Html(escapeHtml(shown))}<span class="cut">${leftOut(left)}</span>`
}

/** What this package wrote itself, of any length: its style, its script, the data of a path. Never what came in a report. */
export function ours(markup: string): Html {
  return new Html(markup)
}

/** At most `most` characters, with how many are left out; of a text that was cut before, how many in all. */
export function cut(text: string, most: number): string {
  const { shown, left } = splitText(text, most)
  return left === 0 ? shown : shown + leftOut(left)
}

function splitText(text: string, most: number): { readonly shown: string; readonly left: number } {
  const [note = '', count = ''] = leftOutBefore.exec(text.slice(-noteMost)) ?? []
  const whole = text.length - note.length
  const length = cutLength(text, Math.min(most, whole))
  return { shown: text.slice(0, length), left: whole - length + Number(count.replaceAll(',', '')) }
}

const figures = new Intl.NumberFormat('en')

function leftOut(count: number): string {
  return ` … ${figures.format(count)} more characters left out`
}

const noteMost = 60
const leftOutBefore = / … ([0-9,]{1,20}) more characters left out$/

/** Never through the middle of a character. */
function cutLength(text: string, most: number): number {
  if (text.length <= most) return text.length
  const last = text.charCodeAt(most - 1)
  return last >= 0xd800 && last < 0xdc00 ? most - 1 : most
}

const special: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Characters that cannot be seen, or that reorder what stands beside them; joiners of scripts and emoji stay. */
const unseen =
  /(?![\n\t])\p{Cc}|\p{Cs}|[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

function escapeHtml(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(unseen, (character) => visible(character.codePointAt(0) ?? 0))
    .replace(/[&<>"']/g, (character) => special[character] ?? '')
}

/** Control characters have pictures of their own; anything else is named. */
function visible(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}
