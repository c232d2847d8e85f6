/** What others wrote, as Markdown that GitHub shows and does nothing else with. Apart because every comment rests on it. */
import { clean, oneLine } from './text.js'

/** A fence longer than any within, so that nothing ends it. */
export function fenced(code: string, most = textMost): string {
  const content = shortened(clean(code), most)
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${content}\n${fence}`
}

const special = /[&<>"'`*_~[\]()|\\#@!$:]/g

/**
 * What a scenario or an agent wrote, as text and nothing else: entities are no markup, and a comment within it keeps
 * GitHub from making a mention, a reference or a link of it.
 */
export function inert(written: string): string {
  return shortened(oneLine(clean(written)))
    .replace(special, (character) => `&#${character.charCodeAt(0)};${/[@#:]/.test(character) ? '<!-- -->' : ''}`)
    .replace(/(?<=www)(?=\.)/gi, '<!-- -->')
}

const textMost = 2_000

function shortened(written: string, most = textMost): string {
  return written.length <= most ? written : `${written.slice(0, most)}… (${written.length - most} more characters)`
}
