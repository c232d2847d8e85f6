/** Which scenarios of the selftest come to a place in the build; measured once, on the build as it is. */

export interface Covered {
  /** Of processor time that its trials take. */
  readonly ms: number
  readonly wrong: readonly string[]
  /** Of each file of the build, offsets and how often what is between them was run; what is inside goes before. */
  readonly ranges: Readonly<Record<string, readonly (readonly [start: number, end: number, count: number])[]>>
}

/** By the scenario's file. */
export type Coverage = Readonly<Record<string, Covered>>

/** Those that run the place, the quickest first, and as many as fit into so much processor time. */
export function reaching(coverage: Coverage, file: string, offset: number, msMost: number): string[] {
  let spent = 0
  return Object.entries(coverage)
    .filter(([, { ranges }]) => isRun(ranges[file] ?? [], offset))
    .sort(([, left], [, right]) => left.ms - right.ms)
    .filter(([, { ms }], index) => {
      spent += ms
      return index === 0 || spent <= msMost
    })
    .map(([scenario]) => scenario)
}

function isRun(ranges: Covered['ranges'][string], offset: number): boolean {
  const around = ranges.filter(([start, end]) => start <= offset && offset < end)
  const [inmost] = around.sort(([start, end], [otherStart, otherEnd]) => end - start - (otherEnd - otherStart))
  return inmost !== undefined && inmost[2] > 0
}
