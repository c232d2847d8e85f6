/** Which models think before they answer, and how much: what both APIs charge for, and Responses give an item. */

/** Models that can think. */
export function isReasoning(model: string): boolean {
  return /^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(model) && !model.includes('-chat')
}

/** Those that do so unless they are told not to. */
function thinksByDefault(model: string): boolean {
  return /^(?:o\d|gpt-5(?!\.\d)|gpt-(?:[6-9]|\d\d))/.test(model) && isReasoning(model)
}

/** What the thoughts of the simulated model come to; always the same, as they are nobody's. */
const tokensBy: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 0,
  low: 64,
  medium: 192,
  high: 448,
  xhigh: 896,
  max: 1792,
}

/** `effort` is what the request asks for. */
export function reasoningTokensOf(model: string, effort: unknown): number {
  if (!isReasoning(model)) return 0
  const asked = typeof effort === 'string' ? effort : thinksByDefault(model) ? 'medium' : 'none'
  return tokensBy[asked] ?? 0
}
