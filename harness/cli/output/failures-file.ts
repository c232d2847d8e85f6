/** The file of failures: what a run tries first, and where it keeps what fails. It is meant to be committed. */
import type { Report } from '../../contracts/report/report.js'
import type { Context } from '../context.js'
import { openOutput } from './output.js'

/** Used where it is there: making it is what asks for it. */
const defaultFile = '.agent-chaos/failures.json'

type Failures = Awaited<ReturnType<Awaited<ReturnType<Context['campaign']>>['readFailures']>>

/** What failed in earlier runs. */
export async function rememberedIn(file: string | undefined, { io, campaign }: Context): Promise<Failures> {
  return (await campaign()).readFailures(file ?? defaultFile, io.cwd)
}

/**
 * What keeps the failures of a run. That a file which was named can be written is known at once. One that only stands there
 * may be where nothing can be written: the run is as good, and says so.
 */
export async function openFailures(
  file: string | undefined,
  context: Context,
): Promise<((report: Report) => void) | undefined> {
  const { failures, textAfter } = await rememberedIn(file, context)
  const { io } = context
  if (file !== undefined) {
    const output = openOutput('--failures', file, io)
    return (report) => output.write(textAfter(report))
  }
  if (failures === undefined) return undefined
  return (report) => {
    try {
      openOutput('--failures', defaultFile, io).write(textAfter(report))
    } catch (error) {
      io.stderr.write(`agent-chaos: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}
