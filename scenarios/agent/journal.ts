/**
 * What the agent set out to change, written down before it tries and after it knows: all that is left of it after a
 * crash. An entry that was begun and not ended says "this may have happened", which is what the next attempt must know.
 */

/** A change is named by its kind and by what it is about: `refund` of order `42`. */
export interface ChangeName {
  readonly kind: string
  readonly id: string
}

export interface Entry extends ChangeName {
  /** Goes up when a refused request is put differently: a new request, and so a new key. */
  readonly revision: number
  /** What was asked first. While it may have been done, nothing else is ever asked in its name. */
  readonly request: unknown
  /**
   * `pending`: it may have happened. `unapplied`: it has not, and may be tried again. `refused`: it has not, and the
   * request must change. `done`: it has.
   */
  readonly status: 'pending' | 'unapplied' | 'refused' | 'done'
  readonly result?: unknown
}

/** Durable: what `write` resolved to survives a crash. A database's table is the usual one. */
export interface Journal {
  read(name: ChangeName): Promise<Entry | undefined>
  write(entry: Entry): Promise<void>
  /** In the order in which they were begun. */
  entries(): Promise<readonly Entry[]>
}

export type JournalRows = Record<string, Entry>

/** A journal over rows that somebody else keeps safe. */
export function journalOver(rows: JournalRows): Journal {
  return {
    read: async (name) => rows[rowOf(name)],
    write: async (entry) => {
      rows[rowOf(entry)] = entry
    },
    entries: async () => Object.values(rows),
  }
}

export function rowOf({ kind, id }: ChangeName): string {
  return `${kind}:${id}`
}

export function mayHaveHappened(entry: Entry | undefined): boolean {
  return entry?.status === 'done' || entry?.status === 'pending'
}

/** The entry under which a change is tried now, and whether an earlier attempt may have made it already. */
export async function claim(journal: Journal, name: ChangeName, request: unknown) {
  const known = await journal.read(name)
  if (known?.status === 'done' || known?.status === 'pending') return { entry: known, inDoubt: true }
  const entry: Entry =
    known?.status === 'unapplied'
      ? { ...known, status: 'pending' }
      : { ...name, request, revision: (known?.revision ?? 0) + 1, status: 'pending' }
  await journal.write(entry)
  return { entry, inDoubt: false }
}
