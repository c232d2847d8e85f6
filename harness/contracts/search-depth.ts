/** How far a search goes, apart from the search because the table of options names it. */

/** `1`: single faults and their stories. `2`: then every pair. `swarm`: then many at once. */
export const searchDepths = ['1', '2', 'swarm'] as const
export type SearchDepth = (typeof searchDepths)[number]
