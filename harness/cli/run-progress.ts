/** How a run tells of its progress. */
import { counted, verdictWords, wallTime } from '../../reports/words.js'
import type { Progress } from '../campaign/index.js'
import type { Wording } from './progress.js'

export const runWording: Wording<Progress> = {
  isFrequent: ({ kind }) => kind === 'trials',
  ends: ({ kind }) => kind === 'scenario-finished' || kind === 'file-failed',
  live: (progress) => {
    switch (progress.kind) {
      case 'scenario-started':
        return `${progress.name}: baseline`
      case 'trials':
        return `${progress.name}: ${phaseText(progress)}, ${counted(progress.violations, 'violation')}`
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
        const { search, timing } = progress.report
        return `${progress.name}: ${verdictWords(progress.report)} (${counted(search.run, 'trial')}, ${wallTime(timing.wallMs)})`
      }
      case 'file-failed':
        return `${progress.file}: could not be run`
    }
  },
}

function phaseText({ phase, done, planned }: Extract<Progress, { kind: 'trials' }>): string {
  switch (phase) {
    case 'search':
      return `${done} of ${counted(planned, 'trial')}`
    case 'shrink':
      return `shrinking a violation, ${counted(done, 'trial')}`
    case 'recheck':
      return `running it again, ${counted(done, 'trial')}`
    case 'measure':
      return `measuring, ${done} of ${counted(planned, 'trial')}`
  }
}
