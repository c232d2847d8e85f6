/**
 * The rows of the table of options that say where a command writes and how it shows what it found. Apart from the others,
 * for nothing that is found depends on them.
 */
import { testRunners } from '../test-runners.js'
import { flag, oneOf, text, texts } from './kind.js'
import { option } from './row.js'

export const outputOptions = {
  /** Write the report as JSON; - is standard output. */
  json: option(text, {
    summary: 'write the report as JSON; - is standard output',
    shows: 'file',
    on: {
      run: {},
      merge: {},
      compare: { summary: 'write the comparison as JSON; - is standard output' },
      replay: { summary: 'write trace and verdicts as JSON; - is standard output' },
      list: { summary: 'write the listing as JSON; - is standard output' },
      selftest: {},
    },
    config: ['run'],
  }),
  /** Write the failing trials as OpenTelemetry traces, for Jaeger say; - is standard output. */
  otlp: option(text, {
    summary: 'write the failing trials as OpenTelemetry traces, for Jaeger say; - is standard output',
    shows: 'file',
    on: {
      run: {},
      replay: { summary: 'write the trial as an OpenTelemetry trace, for Jaeger say; - is standard output' },
    },
    config: ['run'],
  }),
  /** Write requests and answers as they passed over the wire; - is standard output. */
  wire: option(text, {
    summary: 'write requests and answers as they passed over the wire; - is standard output',
    shows: 'file',
    on: { replay: {} },
  }),
  markdown: option(text, {
    summary: "write it for a pull request's comment; - is standard output",
    shows: 'file',
    on: { compare: {} },
  }),
  /** Write reports, each NAME or NAME=FILE. */
  reporter: option(texts('an array of reporters, each NAME or NAME=FILE'), {
    summary: 'write reports, each NAME or NAME=FILE',
    shows: 'name[=file],...',
    on: { run: {}, merge: {}, report: {} },
    config: ['run'],
  }),
  output: option(text, {
    summary: 'where one report goes; - is standard output',
    shows: 'file',
    on: { report: {}, pin: { summary: 'the test file; - is standard output' } },
  }),
  runner: option(oneOf(testRunners), {
    summary: 'the test runner that the test is for',
    shows: 'runner',
    unset: 'what package.json names, or vitest where it is installed, else node',
    on: { pin: {} },
  }),
  open: option(flag, {
    summary: 'show the html report in a browser',
    default: false,
    on: { report: {} },
  }),
  /** Show the table of every fault at every site. */
  coverage: option(flag, {
    summary: 'show the table of every fault at every site',
    default: false,
    on: { run: {}, merge: {} },
    config: ['run'],
  }),
  /** Coverage, figures of what passed, and all that happened in the trial of each violation. */
  verbose: option(flag, {
    summary: 'coverage, figures of what passed, and all that happened in the trial of each violation',
    default: false,
    on: { run: {}, merge: {} },
    config: ['run'],
  }),
  /** No progress, and only what did not pass, and what the verdict rests on. */
  quiet: option(flag, {
    summary: 'no progress, and only what did not pass, and what the verdict rests on',
    default: false,
    on: {
      run: {},
      merge: {},
      compare: { summary: 'only what got worse' },
      selftest: { summary: 'no progress, and only what went wrong' },
    },
    config: ['run'],
  }),
  /** Colour, whatever the output is. */
  color: option(flag, {
    summary: 'colour, whatever the output is',
    off: 'no colour',
    unset: 'as the terminal can',
    on: { run: {}, merge: {}, compare: {}, replay: {}, list: {}, explain: {}, selftest: {}, doctor: {} },
    config: ['run', 'replay', 'list', 'doctor'],
  }),
}
