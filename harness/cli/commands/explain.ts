/** `agent-chaos explain`: all that there is to know about one fault or one invariant. */
import { boundaryTable } from '../../../faults/boundaries.js'
import type { FaultDescription } from '../../../faults/fault.js'
import { expectation, type Param } from '../../../faults/params/param.js'
import { encodeSite } from '../../../faults/plan/notation.js'
import { type Style, type StyleOptions, styleOf } from '../../../reports/drawing/style.js'
import { hang, wrap } from '../../../reports/drawing/text.js'
import { classMeanings } from '../../../reports/drawing/words.js'
import { didYouMean, UserError } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import type { ExitCode } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { type FaultEntry, faultRows, type InvariantEntry, invariantRows } from '../options/catalogues.js'
import { appearanceOf } from '../output/appearance.js'
import { exits } from '../output/exit.js'

/** Characters that a slip of the pen changes. */
const slipMost = 2

type ExplainFlags = FlagsOf<'explain'>

/** A fault may be asked for without its boundary; where several are called so, all are explained. */
export async function explain(name: string, flags: ExplainFlags, context: Context): Promise<ExitCode> {
  const { io } = context
  const [faults, invariants] = await Promise.all([faultRows(context), invariantRows(context)])
  const style = appearanceOf(io.stdout, io.env, flags.color)
  const texts = [
    ...faults.filter((fault) => isCalled(fault, name)).map((fault) => faultText(fault, style)),
    ...invariants.filter((invariant) => invariant.name === name).map((invariant) => invariantText(invariant, style)),
  ]
  if (texts.length === 0) throw unknownName(name, faults, invariants)
  io.stdout.write(texts.join('\n'))
  return exits.passed
}

function isCalled(fault: FaultDescription, name: string): boolean {
  return fault.name === name || fault.name.endsWith(`/${name}`)
}

/** The nearest in spelling; where none is that near, a fault whose summary has that word. */
function unknownName(
  name: string,
  faults: readonly FaultDescription[],
  invariants: readonly InvariantEntry[],
): UserError {
  const [word = name] = name.split('/').slice(-1)
  const words = ({ summary }: FaultDescription) => summary.toLowerCase().split(/\W+/)
  const described =
    word.length > 3 ? faults.find((fault) => words(fault).includes(word.toLowerCase()))?.name : undefined
  const names = [...faults, ...invariants].map((each) => each.name)
  const isSlip = didYouMean(name, names, slipMost) !== ''
  const suggestion = described !== undefined && !isSlip ? ` Did you mean "${described}"?` : didYouMean(name, names)
  const rest = suggestion === '' ? ' agent-chaos list --faults --invariants names them all' : suggestion
  return new UserError(`no fault or invariant is called ${JSON.stringify(name)}.${rest}`)
}

/** Ends with a line break. */
export function faultText(fault: FaultEntry, options: StyleOptions): string {
  const style = styleOf(options)
  const { colors, width } = style
  const lines = [
    colors.bold(fault.name),
    ...wrap(fault.summary, width),
    '',
    ...hang('class       ', `${fault.class}: ${classMeanings[fault.class]}`, width),
    ...hang('boundaries  ', fault.boundaries.join(', '), width),
    ...(fault.needs.length > 0 ? hang('needs       ', `a crossing with ${fault.needs.join(' and ')}`, width) : []),
    ...fault.noCounterpart.flatMap(({ on, reason }) => hang('not on      ', `${on}: ${reason}`, width)),
    ...(fault.companion ? hang('alone       ', 'means nothing; plan it beside another fault', width) : []),
    ...parameters(fault, style),
    '',
    'In a plan:',
    // Never broken: it is there to be copied.
    ...exampleInjections(fault).map((example) => `  ${example}`),
  ]
  return `${lines.join('\n')}\n`
}

function parameters({ params }: FaultDescription, { colors, width }: Style): string[] {
  const entries = Object.entries(params)
  if (entries.length === 0) return ['parameters  none']
  return entries.flatMap(([name, param]) => [
    '',
    `parameter ${colors.bold(name)}`,
    ...hang('  ', param.doc, width),
    ...hang('  ', `${expectation(param)}; ${JSON.stringify(param.default)} by default`, width),
  ])
}

/** Injections to paste into a plan: as it comes, and with a parameter where there is one. */
export function exampleInjections({ name, boundaries, params }: FaultDescription): string[] {
  const [boundary] = boundaries
  const site = `${encodeSite({ boundary, target: boundaryTable[boundary].example })}#1`
  const [given] = Object.entries(params).flatMap(([parameter, param]) => {
    const value = anotherValue(param)
    return value === undefined ? [] : [`${parameter}: ${JSON.stringify(value)}`]
  })
  return [`${site} = ${name}`, ...(given === undefined ? [] : [`${site} = ${name}(${given})`])]
}

/** A value that is not the default. */
function anotherValue(param: Param): number | string | undefined {
  switch (param.kind) {
    case 'integer': {
      const more = Math.min(param.max, Math.max(param.default * 2, param.default + 1))
      return more > param.default ? more : param.min < param.default ? param.min : undefined
    }
    case 'share':
      return param.default === 0.25 ? 0.75 : 0.25
    case 'choice':
      return param.values.find((value) => value !== param.default)
    case 'text':
      return param.samples.find((sample) => sample !== param.default)
  }
}

/** Ends with a line break. */
export function invariantText(invariant: InvariantEntry, options: StyleOptions): string {
  const { colors, width } = styleOf(options)
  const meaning = invariant.kind === 'safety' ? 'nothing bad ever happens' : 'something good happens in the end'
  const on = invariant.on === 'default' ? 'yes; `without` of a scenario turns it off' : 'no; list it in `invariants`'
  const lines = [
    colors.bold(invariant.name),
    ...wrap(invariant.promise, width),
    '',
    ...hang('kind           ', `${invariant.kind}: ${meaning}`, width),
    ...hang('on by default  ', on, width),
    ...hang('tested when    ', invariant.antecedent, width),
    ...exemptionLines(invariant, width),
    '',
    'A violation:',
    ...hang('  ', invariant.example, width),
  ]
  return `${lines.join('\n')}\n`
}

function exemptionLines({ exemptions = {} }: InvariantEntry, width: number): string[] {
  const all = Object.entries(exemptions)
  if (all.length === 0) return []
  return ['', 'No violation:', ...all.flatMap(([name, reason]) => hang('  ', `${name}: ${reason}`, width))]
}
