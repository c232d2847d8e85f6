/** How a secret may stand in a text. Apart, because who looks for a leak and who hides one must look for the same. */

/** Stands in place of one. */
export const redacted = '[redacted]'

/** What is shorter is found in anything. */
export const secretCharactersMin = 8

/** In JSON in JSON, in JSON, as it is, and in an address; each once. */
export function formsOfSecret(secret: string): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1)
  const twice = JSON.stringify(once).slice(1, -1)
  return [...new Set([twice, once, secret, encodeURIComponent(secret)])]
}
