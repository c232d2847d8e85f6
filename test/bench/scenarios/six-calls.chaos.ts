/** The bench's agent as a scenario that a run finds. */
import { lookingUp } from './six-calls.js'

export default lookingUp('six-calls', 0)
