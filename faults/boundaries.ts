/**
 * The one table of boundaries. It says where the agent meets something that can fail, and what can be done to a
 * crossing there. It also says what oracles and reports ask about it. They ask a property
 * (`harness/contracts/boundary.ts`) and never for a name, so that one more boundary is one more row. Their order is
 * that of listings and drawings.
 */
import type { Action, FailureCode, ModelFailureCode, Reject } from './action.js'

export interface BoundaryRow {
  /** What its interpreter carries out. */
  readonly actions: readonly Action['kind'][]
  /**
   * Whether it happens inside a tool: `never`, for the agent itself makes the call; `always`; or `perhaps`. Then a call
   * says which crossing it happens inside, where that is known.
   */
  readonly nested: 'never' | 'always' | 'perhaps'
  /** A model answers it, with words and tool calls: it is a turn, and costs tokens. */
  readonly asksModel: boolean
  /** It carries out what a model may have asked for, under the name and with the input that the model gave. */
  readonly runsTool: boolean
  /** It is in itself the request for a change in the world, and its target is the kind of change. */
  readonly isChange: boolean
  /** Changes in the world may be made inside it, also once it has been answered. */
  readonly holdsChanges: boolean
  /** A connection stands between, by which it is seen when the caller gives up waiting. */
  readonly remote: boolean
  /** Targets that by their name alone only look something up. */
  readonly onlyReads: RegExp | null
  /** The agent's span for it, in the words of OpenTelemetry's conventions for generative AI; `null` where they have none. */
  readonly span: {
    readonly operations: readonly string[]
    /** The attribute that holds the target. */
    readonly target: string
  } | null
  /** Where it is drawn: in a lane of its site, or in the ledger's. */
  readonly lane: 'site' | 'ledger'
  /** A target to show in help. */
  readonly example: string
}

/** What every boundary carries out: it happens to the caller, whatever is called. */
const anywhere = ['delay', 'clock-jump', 'cancel', 'kill', 'crash'] as const

const table = {
  model: {
    actions: [...anywhere, 'pace', 'refuse', 'reject', 'drop', 'cut', 'stream-error', 'answer'],
    nested: 'never',
    asksModel: true,
    runsTool: false,
    isChange: false,
    holdsChanges: false,
    remote: true,
    onlyReads: null,
    span: { operations: ['chat', 'generate_content', 'text_completion'], target: 'gen_ai.request.model' },
    lane: 'site',
    example: '*',
  },
  tool: {
    actions: [...anywhere, 'repeat', 'reject', 'drop', 'late', 'pretend', 'rewrite', 'poison'],
    nested: 'never',
    asksModel: false,
    runsTool: true,
    isChange: false,
    holdsChanges: true,
    remote: false,
    onlyReads: null,
    span: { operations: ['execute_tool'], target: 'gen_ai.tool.name' },
    lane: 'site',
    example: 'refund',
  },
  effect: {
    actions: [...anywhere, 'repeat', 'reject', 'drop', 'partial', 'late', 'pretend', 'rewrite', 'poison'],
    nested: 'always',
    asksModel: false,
    runsTool: false,
    isChange: true,
    holdsChanges: false,
    remote: false,
    onlyReads: null,
    span: null,
    lane: 'ledger',
    example: 'refund',
  },
  http: {
    actions: [...anywhere, 'pace', 'repeat', 'refuse', 'reject', 'drop', 'cut', 'late', 'pretend', 'rewrite', 'poison'],
    nested: 'perhaps',
    asksModel: false,
    runsTool: false,
    isChange: false,
    holdsChanges: true,
    remote: true,
    // RFC 9110, 9.2.1.
    onlyReads: /^(?:GET|HEAD|OPTIONS|TRACE) /,
    span: null,
    lane: 'site',
    example: 'POST api.example.com/v1/refunds',
  },
  file: {
    actions: [...anywhere, 'tear', 'pretend', 'vanish'],
    nested: 'perhaps',
    asksModel: false,
    runsTool: false,
    isChange: false,
    holdsChanges: false,
    remote: false,
    onlyReads: null,
    span: null,
    lane: 'site',
    example: 'report.md',
  },
} as const satisfies Readonly<Record<string, BoundaryRow>>

type Table = typeof table
/** Where an agent meets something that can fail. */
export type Boundary = keyof Table

export const boundaryTable: Readonly<Record<Boundary, BoundaryRow>> = table
/** A list that is never empty. */
export type OneOrMore<T> = readonly [T, ...T[]]
/** The names of all boundaries, in the order of listings. */
export const boundaries = Object.keys(table) as unknown as OneOrMore<Boundary>

/** The actions that a boundary can carry out; of several boundaries, all that one of them can. */
export type ActionAt<B extends Boundary> = B extends AskingModel ? Carried<B> : WithCommonCodes<Carried<B>>
type AskingModel = { [B in Boundary]: Table[B]['asksModel'] extends true ? B : never }[Boundary]
type Carried<B extends Boundary> = Extract<Action, { kind: Table[B]['actions'][number] }>
/** Some failures are known of models alone. */
type WithCommonCodes<A extends Action> = A extends Reject<ModelFailureCode> ? Reject<FailureCode> : A

type Carrying<K extends Action['kind']> = {
  [B in Boundary]: K extends Table[B]['actions'][number] ? B : never
}[Boundary]

/** The actions that every one of these boundaries can carry out. */
export type ActionAtEach<B extends Boundary> = Extract<
  Action,
  { kind: { [K in Action['kind']]: [B] extends [Carrying<K>] ? K : never }[Action['kind']] }
>
