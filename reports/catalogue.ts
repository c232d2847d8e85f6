/** Every reporter that writes a file: one file with a pure function each, and one entry here. */
import type { Reporter } from './reporter.js'

export const reporters: readonly Reporter[] = [
  {
    name: 'html',
    summary: 'one page for people, which opens offline',
    file: 'chaos-report.html',
    load: async () => (await import('./html/index.js')).html,
  },
  {
    name: 'json',
    summary: 'the result itself, for programs',
    file: 'chaos-report.json',
    load: async () => (await import('./json.js')).json,
  },
]
