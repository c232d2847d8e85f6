/** Wrong on purpose: five readers meet one refusal at once, and their pauses have no jitter, so that all come back at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { defineScenario, say, script } from 'agent-chaos'
import { retriesNotInLockstep } from 'agent-chaos/invariants'

const shelves = ['a', 'b', 'c', 'd', 'e']
const triesMax = 4

/** Reads every shelf at the same time; `jitter` is the share of each pause that is drawn by chance. */
function librarian(jitter: number) {
  const read = async (shelf: string, tried = 1): Promise<number> => {
    const response = await fetch(`https://stock.example.com/books?shelf=${shelf}`)
    if (response.ok) return ((await response.json()) as { readonly books: number }).books
    const advised = Number(response.headers.get('retry-after')) * 1_000
    if (response.status < 500 || advised > 0 || tried === triesMax) throw new Error(`${shelf}: ${response.status}`)
    await sleep(1_000 * 2 ** tried * (1 - jitter * Math.random()))
    return read(shelf, tried + 1)
  }
  return async () => {
    const counts = await Promise.all(shelves.map((shelf) => read(shelf)))
    return `${counts.reduce((sum, books) => sum + books, 0)} books`
  }
}

export default defineScenario({
  name: 'retries-in-lockstep',
  task: 'Count the books.',
  state: () => ({}),
  world: ({ http }) => {
    http.service('https://stock.example.com', ({ url }) => ({ json: { books: url.search.length } }))
    return { tools: {} }
  },
  model: script([say('not asked')]),
  agent: librarian(0),
  goal: () => true,
  invariants: [retriesNotInLockstep()],
  expect: { violates: 'retries-not-in-lockstep' },
  repaired: { agent: librarian(0.25) },
  budget: { spend: { seconds: 60 } },
})
