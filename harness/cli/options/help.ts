/** What `--help` shows below the options: examples, and what the exit codes mean. Apart because it is prose. */
import type { Reporter } from '../../../reports/reporter.js'
import { exitMeanings } from '../output/exit.js'

const exitCodes = `
Exit codes:
${exitMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}
`

export const programHelp = `
Examples:
  agent-chaos init                                 a first scenario, in your project
  agent-chaos run                                  every scenario in scenarios/
  agent-chaos run scenarios/refund.chaos.ts        one scenario
  agent-chaos report result.json --open            what a run found, as a page
  agent-chaos replay refund.chaos.ts --plan 'tool:refund#1=tool/reply-lost'
  agent-chaos pin refund.chaos.ts --plan 'tool:refund#1=tool/reply-lost'
  agent-chaos merge shard-*.json                   a run that was divided, as one
  agent-chaos compare base.json head.json          what got worse, and what better
  agent-chaos list                                 what can be broken
  agent-chaos explain tool/reply-lost              one fault, with its parameters
  agent-chaos selftest                             does it find what is wrong?
${exitCodes}`

export const runHelp = `
Scenario files are called *.chaos.ts (or .js, .mts, .mjs, .cts, .cjs). They are
looked for in every folder but node_modules. The same seed finds the same
violations, and each one is printed with a command that replays it. A scenario's
budget may ask for a reliability. Then as many trials under random faults follow
as it takes to tell: it is met (passes), missed (exits with 1), or not shown
(exits with 3, and says how many trials would tell). Several such gates in one
run miss wrongly together as seldom as one alone.

What an agent-chaos.config.ts sets (or .mts, .cts, .js, .mjs, .cjs, .json) holds
where the command line does not say otherwise. The nearest one upward is taken,
but none from beyond the folder with .git. Its options are called as those here,
in camelCase: trialsMax, measure: false for --no-measure, and paths, a list.
--no-bail and the like turn off what it turns on.

Failures are kept by their minimal plans and tried first the next time, in a file
that is meant to be committed. agent-chaos run --failures .agent-chaos/failures.json
begins it; that file is used by itself from then on. What passes now, or cannot
happen any more, is told once and retired. It is not deleted, and still tried.

--watch runs all, and then again whenever files are saved, failures first. It runs
the scenarios whose imports lead to one of the files. It runs all of them where no
scenario imports it and git does not ignore it. A save during a run stops that run
and begins again. Enter runs all, f what did not pass, and q or Ctrl-C ends. The
exit code is then the gravest of all scenarios, each as it did when it was last
run. Reports tell of the last run.

Examples:
  agent-chaos run                                  every scenario in scenarios/
  agent-chaos run 'agents/**/*.chaos.ts' --bail    stop at the first that does not pass
  agent-chaos run -t refund --seed 7               another sample, of some scenarios
  agent-chaos run --trials-max 5000 --random 5000  a longer look, by night say
  agent-chaos run --sweep 0,0.05,0.1,0.2           reliability as the world gets worse
  agent-chaos run --watch                          again whatever a change touches
  agent-chaos run --json report.json --quiet       in CI
  agent-chaos run --reporter html=out/chaos.html   a page to look at
  agent-chaos run --reporter dot,junit,github      for a job's log, its list of tests, its diff
  agent-chaos run --json - | jq .totals            the report for a program
  agent-chaos run --print-config                   what holds, and where it comes from
  agent-chaos run --shard 3/10 --json shard-3.json one part of ten, to be merged
  agent-chaos run --queue redis://10.0.0.5:6379    on machines that run agent-chaos work
${exitCodes}`

export const workHelp = `
One machine leads a run: agent-chaos run --queue URL. It searches, judges and reports.
Others work for it: agent-chaos work --queue URL, each in a checkout of the same
code. They join and leave at any time, and what a lost one had begun runs again. The
report is the one that a single machine would have written, but for its times.

A worker holds its files against those of the run. It refuses a run whose code
differs, and names the files. It waits for a run, works till that is over, and
waits for the next. It ends when it has waited for --wait seconds.

Examples:
  agent-chaos work --queue redis://10.0.0.5:6379   as many processes as there are cores
  agent-chaos work --queue postgres://chaos@10.0.0.5/chaos
  agent-chaos work --queue "$QUEUE_URL" --workers 8 --wait 600

Exit codes:
    0  it ran trials
    2  the queue cannot be used, or all runs were refused
    3  it was handed nothing
   70  a bug of agent-chaos
  130  interrupted: what it had begun is finished first
`

export const cancelHelp = `
The run is taken out of the queue. Whoever leads it reports what there is, and exits
with 130. Workers finish what they have begun.

Examples:
  agent-chaos list --queue redis://10.0.0.5:6379   the runs, with their ids
  agent-chaos cancel 1f0c9ad27be45d38 --queue redis://10.0.0.5:6379

Exit codes:
    0  it is cancelled
    2  the queue cannot be used, or has no such run
   70  a bug of agent-chaos
`

export const mergeHelp = `
Shards divide a run among machines. Trials are numbered, and each shard runs every
n-th of them, a fixed number whatever they come to. A shard judges violations
alone (exit 1). Reliability, what was never tested and what does not repeat are
judged here, over all trials, as the run in one piece would have.

Examples:
  agent-chaos run --shard 1/2 --json shard-1.json
  agent-chaos run --shard 2/2 --json shard-2.json
  agent-chaos merge shard-1.json shard-2.json --json report.json

Exit codes are those of run. What is not all the shards of one run is refused (2).
That is one that is missing, there twice or interrupted, another seed, version or
option, or scenarios that differ.
`

export const compareHelp = `
Violations are one and the same where invariant and signature are. Reliability is
compared trial by trial where the seeds match, by McNemar's exact test, and by an
interval on the difference otherwise. Among several scenarios Holm's procedure
keeps the chance of one false alarm at 5 %. Run both with the same seed, and with a
number of trials that no gate cuts short: in shards, or with --gate fixed.

Examples:
  agent-chaos run --gate fixed --json base.json    on the branch to compare with
  agent-chaos run --gate fixed --json head.json    on yours
  agent-chaos compare base.json head.json
  agent-chaos compare base.json head.json --quiet --json comparison.json

Exit codes:
    0  nothing got worse
    1  a regression: a violation that is new, reliability significantly worse,
       a scenario that now fails without any fault, a canary no longer caught
    2  the reports cannot be compared, or HEAD could not run all of them
   70  a bug of agent-chaos
`

export const reportHelp = (reporters: readonly Reporter[]) => `
A result is what run --json writes, and the same result gives the same bytes. Without
a file each report has a name of its own:
${reporters.map(({ name, file, summary }) => `  ${name.padEnd(9)} ${file.padEnd(20)} ${summary}`).join('\n')}

Examples:
  agent-chaos report result.json --open            the page, in a browser
  agent-chaos report result.json --output out/chaos.html
  agent-chaos report monday.json tuesday.json      how it went over time
  agent-chaos report result.json --reporter html,json=copy.json

Exit codes, whatever the result says:
    0  the reports are written
    2  the result cannot be read, a report cannot be written, or an option is wrong
   70  a bug of agent-chaos
`

export const pinHelp = `
Take the replay command of a violation, and write pin in place of replay. The test
stands beside the scenario, by the name of the invariant that the plan breaks. It
fails until the agent is repaired. It fails too where the plan does not strike any
more, for then it holds nothing. A test that is there already is not written over.

Examples:
  agent-chaos pin scenarios/refund.chaos.ts --seed 7 --plan 'tool:refund#1=tool/reply-lost'
  agent-chaos pin refund.chaos.ts --plan 'tool:refund#1=tool/slow' --runner node
  agent-chaos pin refund.chaos.ts --plan 'tool:refund#1=tool/slow' --output -

Exit codes:
    0  the test is written
    2  the plan breaks nothing, the test is there already, or an option is wrong
   70  a bug of agent-chaos
`

export const replayHelp = `
A plan is a list of injections, parted by semicolons: SITE#OCCURRENCE = FAULT.
SITE{FIELD=VALUE} selects by what is asked; a dot reaches into records:
  tool     the fields of its first argument
  effect   kind, intent, key, payload
  http     method, url, headers, body
  file     path, asked (what is done, in words), bytes
  model    provider, api, model, stream, system, tools, messages (their number),
           and of the first and the last message: first.text, last.role,
           last.text, last.failed (it holds the result of a tool that failed)

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

export const selftestHelp = `
The catalogue that ships holds planted bugs, which are agents with one mistake
each. It also holds the same agents with the mistake repaired, and correct agents in
different styles. Each bug must be caught by the invariant that it names. Under
faults at random none of the others may be accused of anything. Scenarios of your
own take their place when you name them: canaries (with "repaired", the twin is
tried too) and correct ones.

Examples:
  agent-chaos selftest                             the detection matrix
  agent-chaos selftest --trials 100000             a long look for false alarms, by night
  agent-chaos selftest --trials 0                  only the bugs
  agent-chaos selftest chaos/ --trials 5000        your own canaries and correct agents
  agent-chaos selftest -t breaker --json -         some of them, for a program

Exit codes:
    0  every bug was found, and no correct agent raised an alarm
    1  a bug was not found, or a correct agent was accused
    2  usage, configuration or the machine: the message says what to fix
    3  inconclusive: too little was tested to say
   70  a bug of agent-chaos
  130  interrupted; what was found is reported all the same
`

export const initHelp = `
Looks at package.json for modules, TypeScript, the test runner and the framework, and
for a file that is called agent or asks a model. It writes scenarios/first.chaos.ts
(.mjs without TypeScript), agent-chaos.config.json and the script "chaos". At a
terminal it asks before it writes, and --yes asks nothing. Where one of the files is
there already, nothing is written.

Examples:
  agent-chaos init --yes && npx agent-chaos run
  agent-chaos init --yes --workflow                and a workflow for GitHub Actions

Exit codes:
    0  the files are written, or whoever was asked said no
    2  a file is there already, there is no package.json, or an option is wrong
`

export const doctorHelp = `
Looks at Node, at what is loaded into every process, and at the project. Then it runs
each scenario once without faults. It tells of clients that bypass the simulated model,
hosts that were tried and that nobody answers, and modules that go on by themselves.

Exit codes:
    0  nothing is in the way
    2  something is, and what to do is said
   70  a bug of agent-chaos
`

export const completionHelp = `
Examples, each for the file that the shell reads when it starts:
  source <(agent-chaos completion bash)            in ~/.bashrc
  source <(agent-chaos completion zsh)             in ~/.zshrc, after compinit
  agent-chaos completion fish | source             in ~/.config/fish/config.fish
`
