/** Listings for people: scenarios with what can be broken in them, and the two catalogues. */
import { type Style, type StyleOptions, styleOf } from '../../../reports/drawing/style.js'
import { cleanAll, hang } from '../../../reports/drawing/text.js'
import { quantity } from '../../../reports/drawing/words.js'
import type { ScenarioListing } from '../../campaign/index.js'
import type { RunListing } from '../../executors/queue/index.js'
import type { FaultEntry, InvariantEntry } from '../options/catalogues.js'

export type Listed =
  | { readonly kind: 'scenario'; readonly file: string; readonly listing: ScenarioListing }
  | { readonly kind: 'failure'; readonly file: string; readonly message: string }

/** One block for each file. Ends with a line break. */
export function listingText(listed: readonly Listed[], options: StyleOptions): string {
  const style = styleOf(options)
  return blocks(
    cleanAll(listed).map((each) => (each.kind === 'scenario' ? scenario(each, style) : failure(each, style))),
  )
}

/** Runs that stand in a queue, at so many lines each. */
export function runsText(runs: readonly RunListing[], address: string): string {
  if (runs.length === 0) return `no run at ${address}\n`
  return cleanAll(runs).map(runText).join('\n')
}

function runText({ id, host, files, startedAt, trials, waiting, active, workers }: RunListing): string {
  const by = workers === null ? '' : `, by ${quantity(workers, 'worker')}`
  return [
    id,
    `  led by    ${host}, since ${new Date(startedAt).toISOString()}`,
    `  files     ${files.join(', ')}`,
    `  done      ${quantity(trials, 'trial')}${by}`,
    `  in queue  ${quantity(waiting, 'range')} waiting, ${active} begun`,
    '',
  ].join('\n')
}

function scenario({ file, listing }: Extract<Listed, { kind: 'scenario' }>, style: Style): string[] {
  const { colors, marks, width } = style
  const canary = listing.canary === null ? '' : ` (canary: expects ${listing.canary} to be violated)`
  return [
    ...hang('', `${listing.name}${canary}`, width).map(colors.bold),
    ...hang('  ', file, width).map(colors.dim),
    ...hang('  task        ', listing.task, width),
    ...(listing.tags.length === 0 ? [] : hang('  tags        ', listing.tags.join(', '), width)),
    ...(listing.broken === null ? [] : hang(`  ${marks.bad} broken    `, listing.broken, width).map(colors.red)),
    ...invariants(listing, style),
    ...sites(listing, style),
  ]
}

function invariants({ invariants: entries }: ScenarioListing, { width }: Style): string[] {
  const names = (on: 'default' | 'listed') => entries.filter((entry) => entry.on === on).map(({ name }) => name)
  const [byDefault, listed] = [names('default'), names('listed')]
  return [
    ...(listed.length > 0 ? hang('  invariants  ', listed.join(', '), width) : []),
    ...(byDefault.length > 0 ? hang('  by default  ', byDefault.join(', '), width) : []),
  ]
}

function sites({ sites: reached }: ScenarioListing, { width }: Style): string[] {
  if (reached.length === 0) return ['  sites       none reached']
  return reached.flatMap(({ site, occurrences, faults }) => [
    ...hang('  site        ', `${site}, ${quantity(occurrences, 'crossing')}`, width),
    ...hang('              ', faults.length > 0 ? faults.join(', ') : 'no fault fits', width),
  ])
}

function failure({ file, message }: Extract<Listed, { kind: 'failure' }>, { colors, marks, width }: Style): string[] {
  return [...hang(`${marks.bad} `, `${file} could not be loaded`, width).map(colors.red), ...hang('  ', message, width)]
}

/** Names with a few words each; `agent-chaos explain` tells more. Ends with a line break. */
export function catalogueText(
  faults: readonly FaultEntry[],
  invariants: readonly InvariantEntry[],
  options: StyleOptions,
): string {
  const style = styleOf(options)
  const faultLines = faults.flatMap(({ name, class: class_, summary, noCounterpart }) => [
    ...entry(name, class_, summary, style),
    ...(noCounterpart.length > 0 ? hang('    ', `Not on ${listOf(noCounterpart)}.`, style.width) : []),
  ])
  const invariantLines = invariants.flatMap(({ name, kind, on, promise }) =>
    entry(name, on === 'default' ? `${kind}, on by default` : kind, promise, style),
  )
  return blocks([faultLines, invariantLines])
}

function listOf(noCounterpart: FaultEntry['noCounterpart']): string {
  return noCounterpart.map(({ on }) => on).join('; ')
}

function entry(name: string, kind: string, sentence: string, style: Style): string[] {
  const [first = '', ...more] = hang('', `${name} (${kind})`, style.width)
  return [first.replace(name, style.colors.bold), ...more, ...hang('    ', sentence, style.width)]
}

function blocks(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter((lines) => lines.length > 0)
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`
}
