/** Every reporter that writes a file: one file with a pure function each, and one entry here. */
import type { Reporter } from './reporter.js'

/** Every reporter that writes a file. */
export const reporters: readonly Reporter[] = [
  {
    name: 'html',
    summary: 'one page for people, which opens offline',
    file: 'chaos-report.html',
    load: async () => (await import('./html/index.js')).html,
    loadHistory: async () => (await import('./html/history.js')).history,
  },
  {
    name: 'json',
    summary: 'the result itself, for programs',
    file: 'chaos-report.json',
    load: async () => (await import('./json.js')).json,
  },
  {
    name: 'junit',
    summary: 'JUnit XML, for Jenkins, GitLab and the like',
    file: 'chaos-junit.xml',
    load: async () => (await import('./junit.js')).junit,
  },
  {
    name: 'markdown',
    summary: "a pull request's comment, or a job's summary",
    file: 'chaos-report.md',
    load: async () => (await import('./markdown/markdown.js')).markdown,
  },
  {
    name: 'github',
    summary: 'annotations, as commands that a job of GitHub Actions prints',
    file: '-',
    load: async () => (await import('./github.js')).github,
  },
  {
    name: 'otlp',
    summary: 'every failing trial as an OpenTelemetry trace, for Jaeger say',
    file: 'chaos-traces.json',
    load: async () => (await import('./otlp/report.js')).otlpReport,
  },
  {
    name: 'ndjson',
    summary: 'scenarios, violations and events as JSON, one a line',
    file: 'chaos-report.ndjson',
    load: async () => (await import('./ndjson.js')).ndjson,
  },
  {
    name: 'badge',
    summary: 'what it came to in a few words, as JSON for a badge of shields.io',
    file: 'chaos-badge.json',
    load: async () => (await import('./badge.js')).badge,
  },
]
