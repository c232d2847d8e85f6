/** How much the models take in at once. Apart, because it is data of the vendor's that changes as prices do. */

/** Tokens of what goes in and comes out, by the beginning of a model's name; the longest that fits wins. As of 2026-11. */
const windows: Readonly<Record<string, number>> = {
  'gpt-6': 1_050_000,
  'gpt-5.6': 1_050_000,
  'gpt-5.5': 1_050_000,
  'gpt-5.4': 1_050_000,
  'gpt-5.4-mini': 400_000,
  'gpt-5.4-nano': 400_000,
  'gpt-5': 400_000,
  'gpt-4.1': 1_047_576,
  'gpt-4o': 128_000,
  'gpt-4-turbo': 128_000,
  'gpt-4-32k': 32_768,
  'gpt-4': 8_192,
  'gpt-3.5-turbo': 16_385,
  o1: 200_000,
  o3: 200_000,
  'o4-mini': 200_000,
}

/** `undefined` where it is not known, as of a compatible server's models. */
export function contextWindowOf(model: string): number | undefined {
  const beginnings = Object.keys(windows).filter((beginning) => model.startsWith(beginning))
  const longest = beginnings.sort((left, right) => right.length - left.length)[0]
  return longest === undefined ? undefined : windows[longest]
}
