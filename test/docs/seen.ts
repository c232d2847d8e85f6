/** What the agent's side of a call sees of an action, in a sentence. An action that has none here does not compile. */
import type { Action, ModelFailureCode, Substitute, Symptom } from '../../faults/action.js'

const failures: Readonly<Record<ModelFailureCode, string>> = {
  timeout: 'a timeout (`ETIMEDOUT`)',
  reset: 'a connection that is reset (`ECONNRESET`)',
  refused: 'a connection that is refused (`ECONNREFUSED`)',
  unresolved: 'a host that is not found (`ENOTFOUND`)',
  'bad-request': 'the status 400',
  unauthorized: 'the status 401',
  'not-found': 'the status 404',
  conflict: 'the status 409',
  'rate-limited': 'the status 429',
  'server-error': 'the status 500',
  unavailable: 'the status 503',
  overloaded: 'the status 529 of Anthropic, 503 of the others',
  'slow-down': 'the status that the vendor has for a load that grows too fast',
  'too-long': 'the status 400, in the words that the vendor has for it',
  'too-large': 'the status 413, or 400',
  'spend-limit': 'the status 429 or 400, and no waiting helps',
  'no-credit': 'the status 402, 429 or 400, and no waiting helps',
}

const symptoms: Readonly<Record<Symptom, string>> = {
  timeout: 'No answer comes, and after a time the call fails with a timeout (`ETIMEDOUT`).',
  reset: 'No answer comes, and the connection is reset (`ECONNRESET`).',
  hang: 'Nothing, ever: no answer and no error.',
  exception: 'An exception that tells nothing: no code and no status.',
}

const breaks = {
  reset: 'A part of the answer, and then a connection that is reset.',
  'clean-end': 'A part of the answer, which ends as if it were whole.',
  stall: 'A part of the answer, and then nothing more.',
} as const

const phases = {
  before: 'the call was sent',
  during: 'the work was done',
  after: 'the agent could act on the answer',
} as const

export function seenOf(action: Action): string {
  switch (action.kind) {
    case 'delay':
      return 'The same answer, later.'
    case 'repeat':
      return 'One answer. The callee gets the same request again.'
    case 'pace':
      return 'The same answer, slowly: late to begin, and with pauses.'
    case 'clock-jump':
      return 'The same answer. `Date` says another time afterwards; timers do not change.'
    case 'cancel':
      return 'The same answer. `signal` of its context is aborted meanwhile.'
    case 'kill':
      return 'Its process ends a moment later, and it is started again.'
    case 'refuse':
      return `The call fails at once with ${failures[action.how]}.`
    case 'reject':
      return `The call fails with ${failures[action.code]}${action.retryAfter === undefined ? '' : ` and \`retry-after: ${action.retryAfter}\``}.`
    case 'drop':
    case 'partial':
      return symptoms[action.symptom]
    case 'late':
      return symptoms.timeout
    case 'cut':
      return breaks[action.how]
    case 'stream-error':
      return 'A status of 200, a part of the stream, and then an event of an error.'
    case 'pretend':
      return `A success: \`${JSON.stringify(action.result)}\`.`
    case 'rewrite':
      return 'A success, with another answer in it.'
    case 'poison':
      return 'A success, with an instruction to the model behind its text.'
    case 'answer':
      return answers[action.reply.kind]
    case 'tear':
      return `A part of the bytes is written, and then the write fails with ${fileErrors[action.code]}.`
    case 'vanish':
      return 'The file is gone (`ENOENT`).'
    case 'crash':
      return `Its process ends before ${phases[action.phase]}, and it is started again.`
  }
}

const answers: Readonly<Record<Substitute['kind'], string>> = {
  'repeat-last-call': 'A sound answer, which asks for the last call again.',
  plan: 'A sound answer in words, without a call.',
  insist: 'A sound answer, which asks again for what has failed.',
  obey: 'A sound answer, which does what a tool result told the model.',
  text: 'A sound answer in other words.',
  mistaken: 'A sound answer on the wire, with a mistake in what it says.',
}

const fileErrors = {
  'no-space': '`ENOSPC`',
  'access-denied': '`EACCES`',
  'io-error': '`EIO`',
  'too-many-open': '`EMFILE`',
} as const
