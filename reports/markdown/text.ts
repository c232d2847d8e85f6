/** What others wrote, as Markdown that GitHub shows and does nothing else with. Apart because every comment rests on it. */
import { clean, oneLine, shorten } from '../drawing/text.js'

/** A fence longer than any within, so that nothing ends it. */
export function fence(code: string, most = codeMost): string {
  const content = clean(shorten(code, most))
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${content}\n${fence}`
}

const special = /[&<>"'`*_~[\]()|\\#@!$:]/g

/**
 * What a scenario or an agent wrote, as text and nothing else. Entities are no markup, and a comment within it keeps
 * GitHub from making a mention, a reference or a link of it.
 */
export function inert(written: string): string {
  return oneLine(clean(shorten(written, textMost)))
    .replace(special, (character) => `&#${character.charCodeAt(0)};${/[@#:]/.test(character) ? '<!-- -->' : ''}`)
    .replace(/(?<=www)(?=\.)/gi, '<!-- -->')
}

/** A cell of a table or a line of a list. */
const textMost = 300
const codeMost = 4_000
