/** The rows of the table of options that say how a command goes about it, and nothing of what is found. */
import { debuggerAddress, flag } from './kind.js'
import { option } from './row.js'

export const mannerOptions = {
  force: option(flag, {
    summary: 'write over files that are there',
    default: false,
    on: { init: {} },
  }),
  inspect: option(debuggerAddress, {
    summary: 'wait for a debugger, and stop at its breakpoints; 127.0.0.1:9229, or where it says',
    shows: 'address',
    bare: '127.0.0.1:9229',
    on: { replay: {} },
  }),
  inspectBrk: option(debuggerAddress, {
    summary: 'the same, and stop where the agent begins',
    shows: 'address',
    bare: '127.0.0.1:9229',
    on: { replay: {} },
  }),
  /** Give each worker a network of its own, with loopback and nothing else; Linux. */
  networkNamespace: option(flag, {
    summary: 'give each worker a network of its own, with loopback and nothing else; Linux',
    default: false,
    on: { run: {}, replay: {}, pin: {}, list: {}, selftest: {}, doctor: {}, runCampaign: {} },
    config: ['run', 'replay', 'pin', 'list', 'doctor'],
  }),
  workflow: option(flag, {
    summary: 'write a workflow for GitHub Actions too',
    default: false,
    on: { init: {} },
  }),
  yes: option(flag, {
    summary: 'ask nothing, and take what is seen',
    default: false,
    on: { init: {} },
  }),
  watch: option(flag, {
    summary: 'run again what a change touches, failures first, until Ctrl-C',
    default: false,
    on: { run: {} },
    aboutCommand: true,
  }),
  printConfig: option(flag, {
    summary: 'show what holds and where each value comes from, and run nothing',
    default: false,
    on: { run: {} },
    aboutCommand: true,
  }),
}
