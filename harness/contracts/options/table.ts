/**
 * The one table of options: name, kind, unit, default, documentation, and who takes it. Command line, `Config`, library, the
 * report's `options`, `--print-config` and `docs/options.md` derive from it, and show options in its order. It stands in the
 * contracts, for the campaign and the report's schema read it, and these import nothing above them.
 *
 * The comment above a row is its summary: editors show it where the option is written. A test holds the two equal.
 */
import { gateKinds } from '../budget.js'
import { isRecord } from '../checks.js'
import type { OpenExecutors } from '../executor.js'
import { memoryMaxDefaultMb } from '../memory.js'
import type { EndpointsOptions, Provider } from '../provider.js'
import { searchDepths } from '../search-depth.js'
import { flag, handedIn, number, numbers, oneOf, plan, shard, text, texts, whole } from './kind.js'
import { mannerOptions } from './manner.js'
import { outputOptions } from './outputs.js'
import { cores, option } from './row.js'
import { selectionOptions } from './selection.js'

const trials = { least: 1, most: 10_000_000 }
const measured = { least: 1, most: 1_000_000 }

/** What is run. */
const subjects = {
  /** Scenario files, folders or globs. */
  paths: option(texts('an array of files, folders or globs'), {
    summary: 'scenario files, folders or globs',
    unset: 'scenarios/, or the current folder',
    argument: true,
    on: {
      run: {},
      list: {},
      selftest: { summary: 'canaries and correct scenarios of your own, in place of those that ship' },
      doctor: {},
    },
    config: ['run', 'list', 'doctor'],
  }),
  /** Scenario files, from the working directory. */
  files: option(texts('an array of scenario files'), {
    summary: 'scenario files, from the working directory',
    on: { runCampaign: { required: true } },
  }),
  faults: option(flag, { summary: 'the catalogue of faults instead', default: false, on: { list: {} } }),
  invariants: option(flag, { summary: 'the catalogue of invariants instead', default: false, on: { list: {} } }),
  /** The seed of all chance. */
  seed: option(whole({ least: 0, most: Number.MAX_SAFE_INTEGER }), {
    summary: 'the seed of all chance',
    shows: 'n',
    default: 1,
    on: {
      run: {},
      replay: {},
      pin: {},
      list: {},
      selftest: {},
      runCampaign: {},
      assertResilient: {},
      runTrial: {},
      faultPlans: {},
    },
    config: ['run', 'replay', 'pin', 'list'],
  }),
  /** The faults to inject; none without it. */
  plan: option(plan, {
    summary: 'the faults to inject; none without it',
    shows: 'text',
    default: '',
    on: { replay: {}, pin: { summary: 'the faults that the test injects' }, runTrial: {} },
  }),
  /** Where in the agent's code each call was made: it takes a second run of the trial. */
  places: option(flag, {
    summary: "where in the agent's code each call was made: it takes a second run of the trial",
    default: false,
    on: { runTrial: {} },
  }),
  repaired: option(flag, {
    summary: 'a canary with its mistake repaired',
    default: false,
    on: { replay: {} },
  }),
}

/** How it is run. */
const runs = {
  /** Worker processes. */
  workers: option(whole({ least: 1, most: 512 }), {
    summary: 'worker processes',
    shows: 'n',
    unit: 'processes',
    default: cores,
    on: { run: {}, selftest: {}, work: {}, runCampaign: {} },
    config: ['run'],
  }),
  trials: option(whole({ least: 0, most: trials.most }), {
    summary: 'random trials of all correct agents together; 0: only look for the bugs',
    shows: 'n',
    unit: 'trials',
    default: 2_000,
    on: { selftest: {} },
  }),
  /** Bound on the systematic search, per scenario. */
  trialsMax: option(whole(trials), {
    summary: 'bound on the systematic search, per scenario',
    shows: 'n',
    unit: 'trials',
    default: 300,
    on: {
      run: {},
      selftest: { default: 500, summary: 'bound on the search for one bug' },
      runCampaign: {},
      assertResilient: { default: 500, summary: 'trials of the search: systematic ones, then plans drawn at random' },
    },
    config: ['run'],
    reported: true,
  }),
  /** Bound on the search of a scenario, in real time. */
  maxTime: option(number({ least: 0.1, most: 604_800 }), {
    summary: 'bound on the search of a scenario, in real time',
    shows: 'seconds',
    unit: 'seconds',
    unset: 'no bound',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** 1: one fault and its stories; 2: then every pair; swarm: then many at once, as far as the bounds allow. */
  depth: option(oneOf(searchDepths), {
    summary: '1: one fault and its stories; 2: then every pair; swarm: then many at once, as far as the bounds allow',
    shows: 'depth',
    default: '1',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Plans of several faults, drawn at random, to follow it. */
  random: option(whole({ least: 0, most: trials.most }), {
    summary: 'plans of several faults, drawn at random, to follow it',
    shows: 'n',
    unit: 'plans',
    default: 0,
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Measure reliability, where a budget asks for it. */
  measure: option(flag, {
    summary: 'measure reliability, where a budget asks for it',
    off: 'search only: no reliability is measured',
    default: true,
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Bound on measuring reliability, per scenario. */
  measureTrials: option(whole(measured), {
    summary: 'bound on measuring reliability, per scenario',
    shows: 'n',
    unit: 'trials',
    default: 2_000,
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Sequential or fixed, whatever budgets say. */
  gate: option(oneOf(gateKinds), {
    summary: 'sequential or fixed, whatever budgets say',
    shows: 'kind',
    unset: 'as each budget says',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Measure at these fault rates too: 0,0.01,0.05,0.1,0.2. */
  sweep: option(numbers({ least: 0, most: 1 }), {
    summary: 'measure at these fault rates too: 0,0.01,0.05,0.1,0.2',
    shows: 'rates',
    default: [],
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Trials at each rate of the sweep, per scenario. */
  sweepTrials: option(whole({ least: 10, most: measured.most }), {
    summary: 'trials at each rate of the sweep, per scenario',
    shows: 'n',
    unit: 'trials',
    default: 200,
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Real time in which a trial must come to something new. */
  trialTimeout: option(number({ least: 0.1, most: 86_400 }), {
    summary: 'real time in which a trial must come to something new',
    shows: 'seconds',
    unit: 'seconds',
    default: 10,
    on: { run: {}, replay: {}, pin: {}, list: {}, selftest: {}, doctor: {}, runCampaign: {} },
    config: ['run', 'replay', 'pin', 'list', 'doctor'],
    reported: true,
  }),
  /** Memory a worker may take. */
  memoryMax: option(whole({ least: 64, most: 1_048_576 }), {
    summary: 'memory a worker may take',
    shows: 'MB',
    unit: 'MB',
    default: memoryMaxDefaultMb,
    on: { run: {}, selftest: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
}

/** When a run ends, and what holds for a command. */
const commandRows = {
  /** Stop after the first scenario that does not pass. */
  bail: option(flag, {
    summary: 'stop after the first scenario that does not pass',
    default: false,
    on: {
      run: {},
      selftest: { summary: 'begin nothing more after a bug that is not found, or a false alarm' },
      runCampaign: {},
    },
    config: ['run'],
  }),
  /** Name each reading of time or chance that no seed repeats, with its stack. */
  strict: option(flag, {
    summary: 'name each reading of time or chance that no seed repeats, with its stack',
    default: false,
    on: { run: {}, replay: {}, runCampaign: {} },
    config: ['run', 'replay'],
    reported: true,
  }),
  /** Bound on the injections of one plan. */
  injectionsMax: option(whole({ least: 1, most: 100 }), {
    summary: 'bound on the injections of one plan',
    unit: 'faults',
    default: 5,
    on: { faultPlans: {} },
  }),
  /** Run the i-th of n parts of the trials, to be merged. */
  shard: option(shard, {
    summary: 'run the i-th of n parts of the trials, to be merged',
    shows: 'i/n',
    unset: 'all of them',
    on: { run: {}, runCampaign: {} },
  }),
  /** The server of a queue, by which worker machines run the trials: redis://HOST:PORT or postgres://HOST:PORT/DATABASE. */
  queue: option(text, {
    summary: 'the server of a queue, by which worker machines run the trials: Redis or PostgreSQL',
    shows: 'url',
    on: {
      run: {},
      list: { summary: 'the runs at the server of a queue instead' },
      work: { summary: 'the server of the queue: redis://HOST:PORT or postgres://HOST:PORT/DATABASE' },
      cancel: { summary: 'the server of the queue: redis://HOST:PORT or postgres://HOST:PORT/DATABASE' },
    },
  }),
  wait: option(number({ least: 0.1, most: 604_800 }), {
    summary: 'how long to wait for a run that has something to do',
    shows: 'seconds',
    unit: 'seconds',
    default: 60,
    on: { work: {} },
  }),
  /** Exit 0 where there is nothing to run. */
  passWithNoScenarios: option(flag, {
    summary: 'exit 0 where there is nothing to run',
    default: false,
    on: { run: {} },
    config: ['run'],
  }),
  config: option(text, {
    summary: 'the configuration file; else the nearest agent-chaos.config.ts (.js, .json, ...)',
    shows: 'file',
    off: 'read no configuration file',
    on: { run: {}, replay: {}, pin: {}, list: {}, doctor: {} },
    aboutCommand: true,
  }),
  /** Providers of models beside those that ship; one of the same name takes the place of one that ships. */
  providers: option(handedIn<readonly Provider[]>('an array of providers', Array.isArray), {
    summary: 'providers of models beside those that ship; one of the same name takes the place of one that ships',
    on: {},
    config: ['run', 'replay', 'pin', 'list', 'doctor'],
  }),
  /** Where a provider's API is, by its name, when it is not at the vendor's own origin. */
  endpoints: option(handedIn<EndpointsOptions>('an object by provider', isRecord), {
    summary: "where a provider's API is, by its name, when it is not at the vendor's own origin",
    on: {},
    config: ['run', 'replay', 'pin', 'list', 'doctor'],
  }),
  /** What runs the trials. */
  openExecutors: option(
    handedIn<OpenExecutors>('a function that opens executors', (value) => typeof value === 'function'),
    {
      summary: 'what runs the trials',
      unset: 'worker processes of this machine',
      on: { runCampaign: {} },
    },
  ),
  /** Once aborted nothing more begins, and what was found is reported. */
  signal: option(
    handedIn<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal),
    {
      summary: 'once aborted nothing more begins, and what was found is reported',
      on: { runCampaign: {} },
    },
  ),
}

/** By its type, and not spread into one, it keeps the comments of the rows for whoever uses the package. */
export const options: typeof subjects &
  typeof outputOptions &
  typeof runs &
  typeof selectionOptions &
  typeof mannerOptions &
  typeof commandRows = {
  ...subjects,
  ...outputOptions,
  ...runs,
  ...selectionOptions,
  ...mannerOptions,
  ...commandRows,
}
