/** The scripts by which a shell completes the command: of its commands and options, as the program has them. */

export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
}

export interface OptionWords {
  /** `--depth` */
  readonly flag: string
  readonly summary: string
  /** What it may be, where that is one of a few words; `undefined` where it takes none, empty where it takes any. */
  readonly values: readonly string[] | undefined
}

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export const scripts: Readonly<Record<Shell, (name: string, commands: readonly CommandWords[]) => string>> = {
  bash: forBash,
  zsh: forZsh,
  fish: forFish,
}

/** Where nothing else fits, the shell completes files by itself. */
function forBash(name: string, commands: readonly CommandWords[]): string {
  return `# To be read at the start of bash: source <(${name} completion bash)
_${idOf(name)}() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  if ((COMP_CWORD == 1)); then
    words='${commands.map((command) => command.name).join(' ')}'
  else
    case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(({ name, options }) => options.filter(hasWords).map(({ flag, values = [] }) => `      '${name} ${flag}') words='${values.join(' ')}' ;;`)).join('\n')}
      *)
        [[ $current == -* ]] && case \${COMP_WORDS[1]} in
${commands.map(({ name, options }) => `          ${name}) words='${options.map(({ flag }) => flag).join(' ')}' ;;`).join('\n')}
        esac
        ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${idOf(name)} ${name}
`
}

function forZsh(name: string, commands: readonly CommandWords[]): string {
  const entry = (word: string, summary: string) => `${word.replaceAll(':', '\\:')}:${summary}`
  return `#compdef ${name}
# To be read at the start of zsh, after compinit: source <(${name} completion zsh)
_${idOf(name)}() {
  local -a found
  if ((CURRENT == 2)); then
    found=(${commands.map((command) => quote(entry(command.name, command.summary))).join(' ')})
    _describe command found
    return
  fi
  case "$words[2] $words[CURRENT-1]" in
${commands.flatMap(({ name, options }) => options.filter(hasWords).map(({ flag, values = [] }) => `    '${name} ${flag}') found=(${values.map(quote).join(' ')}) ;;`)).join('\n')}
    *)
      [[ $PREFIX == -* ]] && case $words[2] in
${commands.map(({ name, options }) => `        ${name}) found=(${options.map(({ flag, summary }) => quote(entry(flag, summary))).join(' ')}) ;;`).join('\n')}
      esac
      ;;
  esac
  if (($#found)); then _describe option found; else _files; fi
}
compdef _${idOf(name)} ${name}
`
}

function forFish(name: string, commands: readonly CommandWords[]): string {
  const within = (command: string) => `-n '__fish_seen_subcommand_from ${command}'`
  return `# To be read at the start of fish: ${name} completion fish | source
${commands.map((command) => `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`).join('\n')}
${commands.flatMap(({ name: command, options }) => options.map((option) => `complete -c ${name} ${within(command)} -l ${option.flag.slice(2)}${valuesOf(option)} -d ${quote(option.summary)}`)).join('\n')}
`
}

function valuesOf({ values }: OptionWords): string {
  if (values === undefined) return ''
  return values.length === 0 ? ' -r' : ` -x -a ${quote(values.join(' '))}`
}

function hasWords({ values }: OptionWords): boolean {
  return values !== undefined && values.length > 0
}

function idOf(name: string): string {
  return name.replace(/\W/g, '_')
}

/** For all three; within single quotes nothing stands for anything else. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
