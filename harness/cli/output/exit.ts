/** The registry of exit codes: what a gate in CI may rely on. A number, once given, keeps its meaning. */
import type { ExitCode } from '../../contracts/report/report.js'

export const exits = {
  /** Every scenario passed; canaries were caught. Or help or a listing was asked for and given. */
  passed: 0,
  /** An invariant was violated, a scenario fails without any fault, a canary was not caught, or reliability was missed: shown to be less than was asked. */
  violated: 1,
  /**
   * The command line, a scenario file or a plan is wrong. Or an output cannot be written, or the machine has run out of
   * files, processes or memory. The message says what to fix.
   */
  usage: 2,
  /** Nothing is known to be wrong, and not enough was tested to say that all is well. Or a reliability is not shown. */
  inconclusive: 3,
  /** agent-chaos itself failed (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** Ended by Ctrl-C, SIGTERM or SIGHUP; what was found is reported (128 + SIGINT, as shells do, whichever it was). */
  interrupted: 130,
} as const satisfies Record<string, ExitCode>

/** The same in a line each, for `--help`. */
export const exitMeanings: readonly (readonly [ExitCode, string])[] = [
  [exits.passed, 'passed'],
  [exits.violated, 'an invariant was violated, reliability was missed, or a canary was not caught'],
  [exits.usage, 'usage, configuration or the machine: the message says what to fix'],
  [exits.inconclusive, 'inconclusive: too little was tested to say, or reliability is not shown'],
  [exits.bug, 'a bug of agent-chaos'],
  [exits.interrupted, 'interrupted'],
]

/** Where several hold, the first of these is the exit code. */
const precedence: readonly ExitCode[] = [
  exits.violated,
  exits.interrupted,
  exits.bug,
  exits.usage,
  exits.inconclusive,
  exits.passed,
]

export function mostSevere(left: ExitCode, right: ExitCode): ExitCode {
  return precedence.indexOf(left) <= precedence.indexOf(right) ? left : right
}
