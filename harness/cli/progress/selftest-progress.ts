/** How a selftest tells of its progress. */
import { quantity } from '../../../reports/drawing/words.js'
import type { SelftestProgress } from '../../selftest/index.js'
import type { Wording } from './progress.js'

export const selftestWording: Wording<SelftestProgress> = {
  isFrequent: ({ kind }) => kind === 'trials',
  endMark: (progress) => {
    switch (progress.kind) {
      case 'trials':
        return undefined
      case 'bug-finished':
        return progress.report.verdict === 'found' ? '.' : 'F'
      case 'agent-finished':
        return progress.report.verdict === 'quiet' ? '.' : 'F'
      case 'file-failed':
        return 'F'
    }
  },
  live: (progress) => (progress.kind === 'trials' ? `${progress.name}: ${phaseText(progress)}` : endedText(progress)),
  plain: (progress) => (progress.kind === 'trials' ? undefined : endedText(progress)),
}

function endedText(progress: Exclude<SelftestProgress, { kind: 'trials' }>): string {
  switch (progress.kind) {
    case 'bug-finished': {
      const { name, verdict, trials } = progress.report
      return `${name}: ${verdict.replace('-', ' ')} (${quantity(trials, 'trial')})`
    }
    case 'agent-finished': {
      const { name, repaired, verdict, trials } = progress.report
      return `${name}${repaired ? ', repaired' : ''}: ${verdict} (${quantity(trials, 'trial')})`
    }
    case 'file-failed':
      return `${progress.file}: could not be run`
  }
}

function phaseText({ phase, done, planned }: Extract<SelftestProgress, { kind: 'trials' }>): string {
  switch (phase) {
    case 'search':
      return `looking for the bug, ${done} of ${quantity(planned, 'trial')}`
    case 'sample':
      return `trying it, ${done} of ${quantity(planned, 'trial')}`
    case 'shrink':
      return 'shrinking what was found'
    case 'recheck':
      return 'running it again'
  }
}
