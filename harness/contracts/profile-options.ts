/** What a user writes of a fault profile: how often which faults strike where, and how long they last. */

/** A struck crossing is the first of several: the fault strikes the calls of that site that follow, too. */
export interface Bursts {
  /** The mean number of calls that are struck, at least 1; geometrically distributed. */
  readonly meanCalls: number
  /** The part of the struck crossings that begin one, in [0, 1]; 1 by default. */
  readonly share?: number
}

/** A struck crossing begins an outage: the fault strikes every crossing of that site for some virtual time, retries too. */
export interface Outages {
  /** The mean length in virtual milliseconds; exponentially distributed. */
  readonly meanMs: number
  /** The part of the struck crossings that begin one, in [0, 1]; 1 by default. */
  readonly share?: number
}

/** What strikes a site. */
export interface SiteProfileOptions {
  /** The chance that a crossing is struck, in [0, 1]; each crossing by itself, retries included. 0.1 by default. */
  readonly faultRate?: number
  /**
   * How the struck crossings divide among faults, in any unit, by the name of a fault or of a class; a class is the faults
   * of it that are not named themselves, evenly. What is not named is never drawn, and where none of one entry fits a
   * crossing the others share its part. By default `{ transient: 0.8, indeterminate: 0.2 }`.
   */
  readonly weights?: Readonly<Record<string, number>>
  /** Of transient and indeterminate faults alone, for these are what a dependency in trouble does. */
  readonly bursts?: Bursts
  /** Of the same faults. They begin at the first attempt of a call. */
  readonly outages?: Outages
}

/** A fault profile: how often which faults strike where, and how long they last. */
export interface ProfileOptions extends SiteProfileOptions {
  /** What reports call it. */
  readonly name?: string
  /**
   * What differs at some sites, by pattern as in a plan (`model:*`, `http:"POST pay.example.com/v1/payouts"`). Of several
   * that match a site the first holds; what it leaves out is as everywhere else.
   */
  readonly sites?: Readonly<Record<string, SiteProfileOptions>>
}
