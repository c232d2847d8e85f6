/**
 * `encrypted_content` of reasoning items: what only the endpoint can read, and knows for its own whoever sends it back. It is
 * no cipher; it holds the item's id, and a digest by which anything else is told apart.
 */
import { shortDigest } from '../../../contracts/digest.js'

/** As those of the API begin. */
const beginning = 'gAAAAAB'

/** What an item's thoughts look like from outside. */
export function seal(itemId: string): string {
  return beginning + Buffer.from(`${shortDigest(salt + itemId)}${itemId}`).toString('base64url')
}

/** The id of the item that it was made for; `undefined` for what was not made here. */
export function unseal(content: string): string | undefined {
  if (!content.startsWith(beginning)) return undefined
  const text = Buffer.from(content.slice(beginning.length), 'base64url').toString()
  const itemId = text.slice(16)
  return seal(itemId) === content ? itemId : undefined
}

const salt = 'reasoning of a simulated model: '
