/** What a caller sees when no answer comes: shared by the faults whose symptom must be the same, done or not done. */
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
