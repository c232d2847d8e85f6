/** How many trials were begun, whoever began them and whatever became of him: a byte in a file for each. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Lets a scenario count its trials where the environment names a file. */
export function countTrials(file: string): void {
  const text = readFileSync(file, 'utf8')
  const state = /state: \(\) => (\(\{.*?\}\))/
  if (!state.test(text)) throw new Error(`${file} has no state to count by`)
  const counting = text.replace(state, "state: () => { if (TALLY) appendFileSync(TALLY, '.'); return $1 }")
  writeFileSync(file, `import { appendFileSync } from 'node:fs'\nconst { TALLY } = process.env\n${counting}`)
}

export interface Tally {
  /** What another process counts by. */
  next(): Readonly<Record<string, string>>
  /** Since it was asked last. */
  take(): number
  /** Whether there are more than when it was asked last. */
  grows(): boolean
}

export function talliesOf(folder: string): Tally {
  const files = join(folder, 'tallies')
  mkdirSync(files, { recursive: true })
  let [processes, taken, seen] = [0, 0, 0]
  const count = () => readdirSync(files).reduce((sum, name) => sum + statSync(join(files, name)).size, 0)
  return {
    next: () => ({ TALLY: join(files, String(++processes)) }),
    take: () => {
      const before = taken
      taken = count()
      return taken - before
    },
    grows: () => {
      const before = seen
      seen = count()
      return seen > before
    },
  }
}
