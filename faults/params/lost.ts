/** What goes wrong with a delivery, in parameters that several boundaries share. */

/** What a caller sees when no answer comes: the symptom must be the same, done or not done. */
export const answerLost = {
  symptom: {
    kind: 'choice',
    doc: 'what the caller sees',
    values: ['timeout', 'reset'],
    default: 'timeout',
  },
  timeout: {
    kind: 'integer',
    doc: 'virtual time after which the caller is told of a timeout',
    unit: 'ms',
    min: 1,
    max: 600_000,
    default: 10_000,
  },
} as const

/** Told of a timeout, and done all the same. */
export const comesLate = {
  after: {
    kind: 'integer',
    doc: 'virtual time from what the caller takes for a failure until the work is done',
    unit: 'ms',
    min: 0,
    max: 3_600_000,
    default: 5_000,
  },
  timeout: answerLost.timeout,
} as const

/** The network, a queue or a proxy delivers one request several times. */
export const deliveredAgain = {
  times: { kind: 'integer', doc: 'how many deliveries beside the first', min: 1, max: 5, default: 1 },
  gap: { kind: 'integer', doc: 'virtual time between deliveries', unit: 'ms', min: 0, max: 600_000, default: 0 },
} as const

/** Nothing is lost; it is slow. */
export const takesTime = {
  delay: { kind: 'integer', doc: 'virtual time', unit: 'ms', min: 1, max: 3_600_000, default: 20_000 },
} as const
