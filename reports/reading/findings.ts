/**
 * What a run found, scenario by scenario. It tells violations with their story, minimal plan and command, and what
 * a canary caught in one line. It also tells why a scenario that has no violation to show did not pass.
 */
import type { ScenarioReport, ViolationReport } from '../../harness/contracts/report/report.js'
import type { Style } from '../drawing/style.js'
import { clip, clipApart, hang, wrap } from '../drawing/text.js'
import { quantity, seconds, verdictMark, verdictPaint, verdictWords } from '../drawing/words.js'
import { timelineLines } from '../terminal/timeline.js'
import { baselineFacts } from './baseline.js'
import { codeLinesOf, placesByEvent } from './code.js'
import { eventText } from './event.js'

/** One block of lines for each finding; expects values that are cleaned. `whole`: with all that happened in its trial. */
export function findings(scenarios: readonly ScenarioReport[], style: Style, whole = false): string[][] {
  const caught = scenarios.flatMap((scenario) => (isCaught(scenario) ? caughtLines(scenario, style) : []))
  const failed = scenarios.filter((scenario) => !isCaught(scenario))
  return [...failed.flatMap((scenario) => scenarioFindings(scenario, style, whole)), caught]
}

/** A canary that did what it is there for: its violations are no failures. */
function isCaught({ canary, verdict }: ScenarioReport): boolean {
  return canary !== null && verdict === 'passed'
}

function scenarioFindings(scenario: ScenarioReport, style: Style, whole: boolean): string[][] {
  const counted = scenario.violations.filter(({ known }) => !known)
  const heads = counted.filter((violation) => !counted.some((other) => isCauseOf(other, violation)))
  const violations = heads.map((violation) => [
    ...violationLines(`${scenario.name} broke ${violation.invariant}`, violation, style, whole),
    ...consequencesOf(violation, scenario).flatMap((below) => consequenceLines(below, style)),
  ])
  const known = scenario.violations.filter(({ known }) => known).flatMap((one) => knownLines(scenario, one, style))
  const found = needsReason(scenario) ? [reasonLines(scenario, style), ...violations] : violations
  return known.length > 0 ? [...found, known] : found
}

/** It is told once more at length when it is replayed. */
function knownLines(
  { name }: ScenarioReport,
  { invariant, signature, trial }: ViolationReport,
  { colors, marks, width }: Style,
) {
  const text = `${name}: known: ${invariant} (${signature}) by ${trial.plan || 'no fault'}`
  return hang(`${marks.untested} `, text, width).map(colors.dim)
}

function isCauseOf({ invariant, signature }: ViolationReport, { follows }: ViolationReport): boolean {
  return follows?.invariant === invariant && follows.signature === signature
}

/** What came of it, and of that in turn. */
function consequencesOf(cause: ViolationReport, scenario: ScenarioReport): ViolationReport[] {
  const { violations } = scenario
  return violations
    .filter((violation) => !violation.known && isCauseOf(cause, violation))
    .flatMap((violation) => [violation, ...consequencesOf(violation, scenario)])
}

/** One that only came of another is told in short; its own plan is in the result file and on the page. */
function consequenceLines({ invariant, story }: ViolationReport, { colors, marks, width }: Style): string[] {
  return hang(`  ${marks.bad} `, `and so it broke ${invariant}: ${story}`, width).map(colors.dim)
}

function needsReason({ verdict, violations, canary }: ScenarioReport): boolean {
  if (verdict === 'passed' || verdict === 'pending') return false
  return verdict !== 'violated' || violations.length === 0 || canary !== null
}

function reasonLines(scenario: ScenarioReport, style: Style): string[] {
  const paint = verdictPaint(scenario.verdict, style)
  const title = `${scenario.name}: ${verdictWords(scenario)}`
  return [
    ...hang(`${verdictMark(scenario.verdict, style)} `, title, style.width).map(paint),
    ...indent(scenario.because, style),
    ...baselineFacts(scenario).flatMap((fact) => indent(fact, style)),
  ]
}

/** The violation with only those events that show it, which then are its evidence, all of them. */
export function onlyEvidence(violation: ViolationReport): ViolationReport {
  const { events, evidence, environment } = violation
  const known = evidence.filter((index) => events[index] !== undefined)
  const places = placesByEvent(events, environment.places)
  const { console: _, ...rest } = environment
  return {
    ...violation,
    events: known.flatMap((index) => events[index] ?? []),
    evidence: known.map((_, index) => index),
    environment: {
      ...rest,
      ...(rest.places && {
        places: known.flatMap((index, event) => {
          const place = places.get(index)
          return place ? [{ ...place, event }] : []
        }),
      }),
    },
  }
}

/** One violation at length under a title; expects what `findings` expects. */
export function violationLines(title: string, violation: ViolationReport, style: Style, whole = false): string[] {
  const { colors, marks, width } = style
  return [
    ...hang(`${marks.bad} `, title, width).map((line) => colors.bold(colors.red(line))),
    ...indent(violation.story, style),
    ...causeLines(violation, style),
    ...(violation.remedy === undefined ? [] : labelLines('remedy', violation.remedy, style)),
    ...labelLines('faults', planText(violation), style),
    ...violation.means.flatMap(({ summary }) => labelLines('', summary, style)),
    ...neededLines(violation, style),
    ...alsoLines(violation, style),
    ...(whole ? trialLines(violation, style) : evidenceLines(violation, style)),
    ...keyLines(violation, style),
    ...codeLines(violation, style),
    ...labelLines('found', foundText(violation), style),
    colors.dim('  replay it with'),
    // On a line of its own and never broken, so that it can be copied whole.
    colors.cyan(violation.environment.command.replace(/\n/g, ' ')),
  ]
}

/** More would not make it clearer; the replay shows them all. */
const evidenceMost = 4

function trialLines(
  { invariant, signature, story, events, evidence, environment }: ViolationReport,
  style: Style,
): string[] {
  const judgement = { invariant, verdict: { kind: 'violated', signature, story, evidence } } as const
  const narrower = { ...style, width: style.width - 2 }
  return timelineLines(events, [judgement], narrower, environment).map((line) => `  ${line}`.trimEnd())
}

function evidenceLines(violation: ViolationReport, { colors, marks, width }: Style): string[] {
  const { events } = onlyEvidence(violation)
  const shown = events.slice(0, evidenceMost)
  const times = shown.map(({ at }) => `${seconds(at)} s `)
  const room = width - labelWidth - Math.max(0, ...times.map(({ length }) => length))
  const texts = shown.map((event) => eventText(event, marks, undefined))
  const lines = clipApart(texts, room, marks.ellipsis).map((text, index) => `${times[index]}${text}`)
  if (events.length > evidenceMost) lines.push(`and ${quantity(events.length - evidenceMost, 'event')} more`)
  return lines.map((line, index) => `${colors.dim(`  ${(index === 0 ? 'seen' : '').padEnd(6)}  `)}${line}`)
}

const labelWidth = 10

/** Keys that should have been one, whole and one above the other. */
function keyLines(violation: ViolationReport, style: Style): string[] {
  return keysIn(violation).flatMap((key, index) => labelLines(index === 0 ? 'keys' : '', key, style))
}

/** The different keys of the changes that show a violation; nothing where there is one, or none. */
export function keysIn({ events, evidence }: ViolationReport): string[] {
  const keys = evidence.flatMap((index) => {
    const event = events[index]
    return event?.kind === 'effect' && event.key !== null ? [event.key] : []
  })
  const different = [...new Set(keys)]
  return different.length > 1 ? different : []
}

function codeLines(violation: ViolationReport, style: Style): string[] {
  return codeLinesOf(violation).flatMap((text, index) => labelLines(index === 0 ? 'at' : '', text, style))
}

function planText({ trial }: ViolationReport): string {
  return trial.plan === '' ? 'none: it happens without any' : trial.plan
}

function causeLines({ follows }: ViolationReport, style: Style): string[] {
  return follows
    ? labelLines('after', `${follows.invariant} (${follows.signature}), which the same trial broke`, style)
    : []
}

/** Which faults are necessary, and which others suffice. */
function neededLines({ needsEach, enough }: ViolationReport, style: Style): string[] {
  return [
    ...(needsEach ? labelLines('needed', neededText, style) : []),
    ...(enough === undefined ? [] : labelLines('or', `${enough}, which shows it too`, style)),
  ]
}

export const neededText = 'each of them: without any one it was not seen'

/** So many further plans are shown. */
const alsoMost = 2

/** Plans with faults of another kind, which tell that it is not one fault's doing. */
function alsoLines(violation: ViolationReport, style: Style): string[] {
  const others = alsoShown(violation)
  const more = others.length - alsoMost
  const shown = others.slice(0, alsoMost).map(({ plan }) => plan)
  const lines = more > 0 ? [...shown, `and ${quantity(more, 'plan')} of other kinds`] : shown
  return lines.flatMap((text, index) => labelLines(index === 0 ? 'also' : '', text, style))
}

export function alsoShown({ also, shown }: ViolationReport): ViolationReport['also'] {
  return also.filter(({ kind, plan }) => kind !== shown.kind && plan !== '')
}

function foundText({ foundAfterTrials, occurrences, status, phase }: ViolationReport): string {
  const among = { search: 'the search', measure: 'the measured sample', sample: 'those at random' }[phase ?? 'search']
  const times = `after ${quantity(foundAfterTrials, 'trial')}; ${quantity(occurrences, 'trial')} of ${among} showed it`
  return status === 'flaky' ? `${times}; flaky: the same plan and seed did not always show it` : times
}

function caughtLines(scenario: ScenarioReport, style: Style): string[] {
  return scenario.violations.map((violation) => {
    const how = violation.invariant === scenario.canary ? 'caught as expected' : 'also seen in this canary'
    const text = `${scenario.name}: ${violation.invariant} ${how}: ${planText(violation)}`
    const line = clip(text, style.width - 2, style.marks.ellipsis)
    return `${style.colors.green(style.marks.good)} ${style.colors.dim(line)}`
  })
}

function indent(text: string, { width }: Style): string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`.trimEnd())
}

function labelLines(label: string, text: string, { width, colors }: Style): string[] {
  const first = `  ${label.padEnd(6)}  `
  const [head = '', ...rest] = hang(first, text, width)
  return [`${colors.dim(first)}${head.slice(first.length)}`, ...rest]
}
