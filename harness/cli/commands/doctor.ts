/** `agent-chaos doctor`: what is in the way between a project and its first run, and what to do about it. */
import { resolve } from 'node:path'
import { type Style, styleOf } from '../../../reports/drawing/style.js'
import { cleanAll, hang } from '../../../reports/drawing/text.js'
import { quantity } from '../../../reports/drawing/words.js'
import { isUserError, withPlace } from '../../contracts/errors.js'
import type { FlagsOf } from '../../contracts/options/derived.js'
import { options as table } from '../../contracts/options/table.js'
import type { ExitCode } from '../../contracts/report/report.js'
import { shownPath } from '../../contracts/shown-path.js'
import type { Context } from '../context.js'
import { type Diagnosis, machineChecks, projectChecks } from '../doctor/checks.js'
import { discover, howToBegin, nothingFound, type Paths } from '../options/discover.js'
import { appearanceOf } from '../output/appearance.js'
import { exits } from '../output/exit.js'

export type DoctorFlags = FlagsOf<'doctor'>

/** Whatever it finds, it goes on: one thing in the way does not hide the next. */
export async function doctor(
  read: () => Promise<{ paths: Paths; flags: DoctorFlags }>,
  context: Context,
): Promise<ExitCode> {
  const { io } = context
  const checks = [...(await machineChecks(io)), ...projectChecks(io.cwd)]
  const settings = await attempt(read)
  if (!settings.ok) checks.push({ kind: 'bad', text: settings.message })
  else checks.push(...(await scenarioChecks(settings.value.paths, settings.value.flags, context)))
  const color = settings.ok ? settings.value.flags.color : undefined
  io.stdout.write(textOf(checks, styleOf(appearanceOf(io.stdout, io.env, color))))
  return checks.some(({ kind }) => kind === 'bad') ? exits.usage : exits.passed
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await action() }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { ok: false, message: withPlace(error) }
  }
}

async function scenarioChecks(paths: Paths, flags: DoctorFlags, context: Context): Promise<Diagnosis[]> {
  const { cwd } = context.io
  const found = await attempt(() => discover(paths, cwd))
  if (!found.ok) return [{ kind: 'bad', text: found.message }]
  const nothing = nothingFound(found.value)
  const { files } = found.value
  const checks: Diagnosis[] = []
  if (nothing !== undefined) checks.push({ kind: 'bad', text: `${nothing}. ${howToBegin.split(',')[0]}` })
  if (files.length > 0) checks.push({ kind: 'good', text: quantity(files.length, 'scenario file') })
  for (const file of files) checks.push(await scenarioCheck(file, flags, context))
  return checks
}

async function scenarioCheck(
  file: string,
  { trialTimeout, networkNamespace, config: given }: DoctorFlags,
  context: Context,
): Promise<Diagnosis> {
  const { cwd } = context.io
  const shown = shownPath(file, cwd)
  const { examine } = await context.campaign()
  const config = given && resolve(cwd, given)
  const options = { cwd, seed: table.seed.default, trialTimeout, networkNamespace, config }
  const examined = await attempt(() => examine(file, options))
  if (!examined.ok) return { kind: 'bad', text: examined.message }
  const { name, problems, notes } = examined.value
  if (problems.length === 0) return { kind: 'good', text: `${name} works without faults`, notes }
  return { kind: 'bad', text: `${name} (${shown})`, notes: [...problems, ...notes] }
}

function textOf(checks: readonly Diagnosis[], { width, marks, colors }: Style): string {
  const markOf = { good: marks.good, bad: marks.bad, note: marks.untested }
  const lines = cleanAll(checks).flatMap(({ kind, text, notes = [] }) => {
    const head = hang(`${markOf[kind]} `, text, width)
    return [...(kind === 'bad' ? head.map(colors.red) : head), ...notes.flatMap((note) => hang('    ', note, width))]
  })
  return `${lines.join('\n')}\n`
}
