/**
 * Names of tools as frameworks change them: `refund` comes back as `mcp__shop__refund`, `shop.refund` as `shop_refund`.
 * A script names tools as the world does, and the model calls them by the names on offer.
 */

/** The name on offer that stands for `name`; `undefined` where none does, or several might. */
export function nameOnOffer(name: string, offered: readonly string[]): string | undefined {
  if (offered.includes(name)) return name
  const matches = offered.filter((candidate) => isSameTool(name, candidate))
  return matches.length === 1 ? matches[0] : undefined
}

/** Whether `called` is `name`, perhaps with a prefix before it and other separators in it. */
export function isSameTool(name: string, called: string): boolean {
  if (called === name) return true
  const plain = normal(name)
  const other = normal(called)
  return other === plain || other.endsWith(`_${plain}`)
}

/**
 * Whether a tool's name says that it only looks something up. A model that tries another tool after an error may try
 * such a one without harm.
 */
export function looksReadOnly(name: string): boolean {
  return /(^|[^a-z])(get|list|search|find|read|lookup|look|check|show|status|query|describe|count)([^a-z]|$)/i.test(
    name.replace(/([a-z])([A-Z])/g, '$1_$2'),
  )
}

function normal(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '_')
}
