/** Tables of figures, for a terminal and for the docs. */

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** One bench: what `npm run bench -- NAME` runs. Its table stands in the docs between markers of its name. */
export interface BenchFile {
  readonly name: string
  /** In a few words, for whoever looks on. */
  readonly title: string
  /** `long` asks for what takes hours. */
  run(options: { readonly long: boolean }): Promise<Table>
}

/** A figure beside what version 0.1.0 came to and what is to be reached. */
export const goalHead = ['what', 'now', 'aim', '0.1.0'] as const

export type Bound = { readonly atMost: number } | { readonly atLeast: number }

/** What was measured, and its aim with whether it is reached. */
export function compareWithAim(value: number, bound: Bound, format: (value: number) => string): [string, string] {
  const isReached = 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast
  const aim = 'atMost' in bound ? `≤ ${format(bound.atMost)}` : `≥ ${format(bound.atLeast)}`
  return [format(value), `${aim}, ${isReached ? 'reached' : 'missed'}`]
}

export function markdownOf({ head, rows }: Table): string {
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function plainTextOf({ head, rows }: Table): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)))
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return all.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}

export const times = (ratio: number): string => `${ratio.toFixed(2)}×`
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
export const megabytes = (mb: number): string => `${Math.round(mb)} MB`

/** Three digits that count. */
export function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : ms.toPrecision(3)} ms`
}
