/** A trivial agent, without a model's SDK: it calls one tool twenty times. */
import { twentyTools } from './twenty-tools.js'

export default twentyTools('twenty-tools')
