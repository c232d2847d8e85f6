/** The options of a scenario, by name: what is none of them is refused. */

export const keys = {
  required: ['name', 'task', 'model', 'agent', 'goal'],
  optional: [
    'state',
    'world',
    'intents',
    'claims',
    'invariants',
    'without',
    'faults',
    'providers',
    'endpoints',
    'expect',
    'repaired',
    'errors',
    'via',
    'budget',
    'latency',
    'isolate',
    'allow',
    'tags',
    'host',
    'transport',
    'crash',
  ],
  /** What a repair may change: neither what it is called nor what is asked of it. */
  repair: ['state', 'world', 'agent', 'model', 'goal', 'claims', 'via', 'errors', 'faults'],
} as const
