/** What a long run holds, and what becomes of it: whether it grew, and the table of the docs. */

export interface Figures {
  readonly minute: number
  readonly round: number
  readonly trials: number
  readonly parentMb: number
  readonly workersMb: number
  readonly descriptors: number
  readonly processes: number
  readonly folders: number
}

const held = ['parentMb', 'workersMb', 'descriptors', 'processes', 'folders'] as const
/** By how much the last third may hold more than the second; one more of anything is no growth. */
const growthMost = 1.25
const roundsLeast = 6

/** What the last third of the rounds holds more of than the second. */
export function growthIn(rounds: readonly Figures[]): string[] {
  if (rounds.length < roundsLeast) return [`expected ${roundsLeast} rounds to tell growth by, got ${rounds.length}`]
  const [second, last] = [thirdOf(rounds, 1), thirdOf(rounds, 2)]
  return held.flatMap((what) => {
    const [before, after] = [meanOf(second, what), meanOf(last, what)]
    return after > before * growthMost + 1 ? [`${what} grew from ${before.toFixed(1)} to ${after.toFixed(1)}`] : []
  })
}

function thirdOf(rounds: readonly Figures[], index: number): readonly Figures[] {
  const at = (third: number) => Math.floor((rounds.length * third) / 3)
  return rounds.slice(at(index), at(index + 1))
}

function meanOf(rounds: readonly Figures[], what: (typeof held)[number]): number {
  return rounds.reduce((sum, one) => sum + one[what], 0) / Math.max(1, rounds.length)
}

/** A row for each sixth of the time: what its rounds held at the most. */
export function tableOf(rounds: readonly Figures[], minutes: number): string {
  const head = [
    'up to minute',
    'rounds',
    'trials',
    'it holds',
    'its workers hold',
    'descriptors',
    'processes',
    'folders',
  ]
  const rows = Array.from({ length: 6 }, (_, index) => {
    const [from, to] = [(minutes * index) / 6, (minutes * (index + 1)) / 6]
    const some = rounds.filter(({ minute }) => minute > from && (minute <= to || index === 5))
    const most = (what: (typeof held)[number]) => Math.max(0, ...some.map((one) => one[what]))
    const trials = some.reduce((sum, one) => sum + one.trials, 0)
    const memory = [`${most('parentMb')} MB`, `${most('workersMb')} MB`]
    return [
      Number(to.toFixed(1)),
      some.length,
      trials,
      ...memory,
      most('descriptors'),
      most('processes'),
      most('folders'),
    ]
  })
  return [head, head.map(() => '--:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
