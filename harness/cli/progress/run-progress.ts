/** How a run tells of its progress. */

import { quantity, verdictWords, wallTime } from '../../../reports/drawing/words.js'
import type { RunProgress } from '../../campaign/index.js'
import { trialsOf } from '../../contracts/report/trials.js'
import type { Wording } from './progress.js'

export const runWording: Wording<RunProgress> = {
  isFrequent: ({ kind }) => kind === 'trials',
  endMark: (progress) => {
    if (progress.kind === 'file-failed') return 'F'
    return progress.kind === 'scenario-finished' ? marks[progress.report.verdict] : undefined
  },
  share: (progress) => {
    switch (progress.kind) {
      case 'scenario-started':
        return undefined
      case 'trials': {
        const { name, phase, done, planned } = progress
        const part = planned === 0 ? 0 : done / planned
        // The search and the sample take about as long as each other, and what comes between them is short.
        return { of: name, done: phase === 'search' ? part / 2 : phase === 'measure' ? (1 + part) / 2 : 0.5 }
      }
      case 'scenario-finished':
        return { of: progress.name, done: 1 }
      case 'file-failed':
        return { of: progress.file, done: 1 }
    }
  },
  live: (progress) => {
    switch (progress.kind) {
      case 'scenario-started':
        return `${progress.name}: baseline`
      case 'trials':
        return `${progress.name}: ${phaseText(progress)}, ${quantity(progress.violations, 'violation')}`
      case 'scenario-finished':
        return `${progress.name}: ${verdictWords(progress.report)}`
      case 'file-failed':
        return `${progress.file}: could not be run`
    }
  },
  plain: (progress) => {
    switch (progress.kind) {
      case 'scenario-started':
      case 'trials':
        return undefined
      case 'scenario-finished': {
        const { timing } = progress.report
        return `${progress.name}: ${verdictWords(progress.report)} (${quantity(trialsOf(progress.report), 'trial')}, ${wallTime(timing.wallMs)})`
      }
      case 'file-failed':
        return `${progress.file}: could not be run`
    }
  },
}

/** The same, with what is to be told of the machines that work for it. */
export function wordingWith(fleetText: () => string): Wording<RunProgress> {
  return { ...runWording, live: (progress) => `${runWording.live(progress)}; ${fleetText()}` }
}

const marks = {
  passed: '.',
  pending: '.',
  violated: 'F',
  broken: 'F',
  misconfigured: 'F',
  inconclusive: '?',
} as const

function phaseText({ phase, done, planned }: Extract<RunProgress, { kind: 'trials' }>): string {
  switch (phase) {
    case 'search':
      return `${done} of ${quantity(planned, 'trial')}`
    case 'shrink':
      return `shrinking a violation, ${quantity(done, 'trial')}`
    case 'recheck':
      return `running it again, ${quantity(done, 'trial')}`
    case 'measure':
      return `measuring, ${done} of ${quantity(planned, 'trial')}`
  }
}
