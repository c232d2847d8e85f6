/** The rows of the table of options that say what of all scenarios, sites and faults is run, and what is known of them. */
import { flag, number, text, texts } from './kind.js'
import { option } from './row.js'

export const selectionOptions = {
  /** Only scenarios whose name contains the text. */
  grep: option(text, {
    summary: 'only scenarios whose name contains the text',
    shows: 'text',
    short: 't',
    unset: 'all of them',
    on: { run: {}, selftest: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Only scenarios with one of these tags. */
  tag: option(texts('an array of tags'), {
    summary: 'only scenarios with one of these tags',
    shows: 'tag,...',
    unset: 'all of them',
    on: { run: {}, list: {}, runCampaign: {} },
    config: ['run'],
  }),
  /** Only what did not pass when it was run here last; all, where nothing failed. */
  lastFailed: option(flag, {
    summary: 'only what did not pass when it was run here last; all, where nothing failed',
    default: false,
    on: { run: {} },
  }),
  /** Go on with the same run, which was cut off: what it has done is not run again. */
  resume: option(flag, {
    summary: 'go on with the same run, which was cut off: what it has done is not run again',
    default: false,
    on: { run: {} },
  }),
  /** A file of known violations: others fail the run, and those that are gone are told. */
  known: option(text, {
    summary: 'a file of known violations: others fail the run, and those that are gone are told',
    shows: 'file',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
  }),
  updateKnown: option(flag, {
    summary: 'take all that is found for known, and write the file anew',
    default: false,
    on: { run: {} },
  }),
  /** A file of failures: those in it are tried first, and what fails is kept in it. */
  failures: option(text, {
    summary: 'a file of failures: those in it are tried first, and what fails is kept in it',
    shows: 'file',
    unset: '.agent-chaos/failures.json, where it is there',
    on: { run: {}, pin: { summary: 'the file of failures, which knows what a plan that passes now had broken' } },
    config: ['run', 'pin'],
  }),
  /** The least share of the map of sites and faults that is to be struck; less is inconclusive. */
  minCoverage: option(number({ least: 0, most: 100 }), {
    summary: 'the least share of the map of sites and faults that is to be struck; less is inconclusive',
    shows: 'percent',
    unset: 'no share is asked for',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** Only these: sites, faults, classes or parts of names of scenarios, parted by commas. */
  only: option(text, {
    summary: 'only these: sites, faults, classes or parts of names of scenarios, parted by commas',
    shows: 'terms',
    unset: 'all of them',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
  /** All but these: sites, faults, classes or parts of names of scenarios, parted by commas. */
  skip: option(text, {
    summary: 'all but these: sites, faults, classes or parts of names of scenarios, parted by commas',
    shows: 'terms',
    unset: 'none of them',
    on: { run: {}, runCampaign: {} },
    config: ['run'],
    reported: true,
  }),
}
