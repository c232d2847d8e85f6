/** What a trial with six calls of the model and five of a tool costs against its floor, in the process of a test. */
import { openProcess } from '../measuring/process.js'
import { type Compared, compareSides, type Rounds } from '../measuring/rounds.js'

/** The floor, the trial, and the trial in which each answer of the model takes half a second of virtual time. */
export async function compareSixCalls(rounds: Rounds): Promise<readonly Compared[]> {
  const process = openProcess('floor/six-calls.ts')
  const compared = await compareSides(
    ['floor', 'trial', 'slow'].map((name) => process.side(name)),
    rounds,
  )
  await process.end()
  return compared
}
