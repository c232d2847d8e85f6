/** What `--help` shows below the options: examples, and what the exit codes mean. Apart because it is prose. */
import { exitMeanings } from './exit.js'

const exitCodes = `
Exit codes:
${exitMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}
`

export const programHelp = `
Examples:
  agent-chaos run                                  every scenario in scenarios/
  agent-chaos run scenarios/refund.chaos.ts        one scenario
  agent-chaos replay refund.chaos.ts --plan 'tool:refund#1=tool/reply-lost'
  agent-chaos list                                 what can be broken
  agent-chaos explain tool/reply-lost              one fault, with its parameters
${exitCodes}`

export const runHelp = `
Scenario files are called *.chaos.ts (or .js, .mts, .mjs, .cts, .cjs) and are
looked for in every folder but node_modules. The same seed finds the same
violations; each one is printed with a command that replays it. Where a
scenario's budget asks for a reliability, as many trials under random faults
follow as it takes to tell whether the agent has it; several such gates in one
run are wrong together as seldom as one alone.

Examples:
  agent-chaos run                                  every scenario in scenarios/
  agent-chaos run 'agents/**/*.chaos.ts' --bail    stop at the first that does not pass
  agent-chaos run -t refund --seed 7               another sample, of some scenarios
  agent-chaos run --trials-max 5000 --random 5000  a longer look, by night say
  agent-chaos run --sweep 0,0.05,0.1,0.2           reliability as the world gets worse
  agent-chaos run --json report.json --quiet       in CI
  agent-chaos run --json - | jq .totals            the report for a program
${exitCodes}`

export const replayHelp = `
A plan is a list of injections, parted by semicolons: SITE#OCCURRENCE = FAULT.

Examples:
  agent-chaos replay scenarios/refund.chaos.ts --seed 7 --plan 'tool:refund#1=tool/reply-lost'
  agent-chaos replay scenarios/refund.chaos.ts     the trial without faults

Exit codes:
    0  no invariant was violated
    1  an invariant was violated
    2  the file, the plan or an option is wrong
    3  a verdict is inconclusive, or nothing of the plan landed
   70  a bug of agent-chaos
`

export const listHelp = `
Each scenario is run once, without faults, to see which sites it reaches.

Examples:
  agent-chaos list scenarios/refund.chaos.ts
  agent-chaos list --faults
  agent-chaos list --faults --invariants --json -
${exitCodes}`

export const explainHelp = `
Examples:
  agent-chaos explain tool/reply-lost
  agent-chaos explain reply-lost                   the same; its boundary may be left out
  agent-chaos explain effects-exactly-once
`
