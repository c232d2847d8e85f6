/**
 * Checks the budget that a scenario declares, so that a slip is reported with its place and not met as an odd result. Apart
 * from the other checks because a budget has the most to slip on.
 */
import { type FaultDescription, faultClasses } from '../../faults/fault.js'
import { gateKinds } from '../contracts/budget.js'
import { type Anything, type Checks, isRecord } from '../contracts/checks.js'
import { didYouMean } from '../contracts/errors.js'
import { profileOf } from '../contracts/profile.js'

const siteProfileKeys = ['faultRate', 'weights', 'bursts', 'outages']

/** `faults` are those that the scenario faces. */
export function checkBudget(budget: Anything, faults: readonly FaultDescription[], checks: Checks): void {
  const { expect, record } = checks
  record('budget', budget, [
    'reliability',
    'aim',
    'gate',
    'faultRate',
    'profile',
    'spend',
    'degradedCountsAs',
    'rolledBackCountsAs',
    'prices',
  ])
  const { reliability, aim, gate, faultRate, spend = {}, degradedCountsAs, rolledBackCountsAs, prices = {} } = budget
  const isShare = typeof reliability === 'number' && reliability > 0 && reliability < 1
  expect(reliability === undefined || isShare, 'budget.reliability', 'a number between 0 and 1', reliability)
  const isAbove = typeof aim === 'number' && typeof reliability === 'number' && aim > reliability && aim < 1
  expect(aim === undefined || isAbove, 'budget.aim', 'a number between budget.reliability and 1', aim)
  checks.oneOf('budget.gate', gate, gateKinds)
  checks.oneOf('budget.degradedCountsAs', degradedCountsAs, ['success', 'failure'])
  checks.oneOf('budget.rolledBackCountsAs', rolledBackCountsAs, ['success', 'failure'])
  checks.number('budget.faultRate', faultRate, [0, 1])
  record('budget.spend', spend, ['turns', 'tokens', 'usd', 'seconds'])
  for (const [limit, value] of Object.entries(spend as Anything)) {
    checks.number(`budget.spend.${limit}`, value, [0, Number.MAX_SAFE_INTEGER])
  }
  pricesFit(prices, checks)
  profileFits(budget, faults, checks)
}

function pricesFit(prices: unknown, checks: Checks): void {
  checks.expect(isRecord(prices), 'budget.prices', 'an object of prices by model', prices)
  for (const [model, price] of Object.entries(prices as Anything)) {
    const option = `budget.prices[${JSON.stringify(model)}]`
    checks.record(option, price, ['input', 'output'])
    for (const side of ['input', 'output']) {
      const value = (price as Anything)[side]
      const fits = typeof value === 'number' && value >= 0
      checks.expect(fits, `${option}.${side}`, 'US dollars for a million tokens', value)
    }
  }
}

function profileFits(budget: Anything, faults: readonly FaultDescription[], checks: Checks): void {
  const { profile } = budget
  if (profile === undefined) return
  const isProfile = typeof profile === 'string' || isRecord(profile)
  checks.expect(isProfile, 'budget.profile', 'a fault profile or the name of one', profile)
  if (isRecord(profile)) {
    checks.record('budget.profile', profile, ['name', 'sites', ...siteProfileKeys])
    const { name, sites = {}, ...everywhere } = profile
    checks.expect(name === undefined || typeof name === 'string', 'budget.profile.name', 'a string', name)
    siteProfileFits('budget.profile', everywhere, faults, checks)
    checks.expect(isRecord(sites), 'budget.profile.sites', 'an object by site', sites)
    for (const [site, siteProfile] of Object.entries(sites as Anything)) {
      const option = `budget.profile.sites[${JSON.stringify(site)}]`
      checks.record(option, siteProfile, siteProfileKeys)
      siteProfileFits(option, siteProfile as Anything, faults, checks)
    }
  }
  try {
    profileOf(budget)
  } catch (error) {
    checks.refuse(`budget.profile: ${(error as Error).message}`)
  }
}

function siteProfileFits(
  option: string,
  siteProfile: Anything,
  faults: readonly FaultDescription[],
  checks: Checks,
): void {
  const { faultRate, weights, bursts, outages } = siteProfile
  checks.number(`${option}.faultRate`, faultRate, [0, 1])
  if (weights !== undefined) weightsFit(`${option}.weights`, weights, faults, checks)
  const lasting = [
    [`${option}.bursts`, bursts, 'meanCalls', 1],
    [`${option}.outages`, outages, 'meanMs', 0],
  ] as const
  let shares = 0
  for (const [part, given, mean, min] of lasting) {
    if (given === undefined) continue
    checks.record(part, given, [mean, 'share'])
    const { share = 1, [mean]: length } = given as Anything
    checks.expect(typeof length === 'number' && length >= min, `${part}.${mean}`, `a number of at least ${min}`, length)
    checks.number(`${part}.share`, share, [0, 1])
    shares += share as number
  }
  checks.expect(shares <= 1, option, 'the shares of bursts and outages to be no more than 1 together', shares)
}

function weightsFit(option: string, weights: unknown, faults: readonly FaultDescription[], checks: Checks): void {
  checks.expect(isRecord(weights), option, 'an object of numbers by fault or class', weights)
  const known = [...faultClasses, ...faults.map(({ name }) => name)]
  for (const [entry, weight] of Object.entries(weights as Anything)) {
    if (!known.includes(entry)) {
      checks.refuse(`${option}: the scenario has no fault and no class "${entry}".${didYouMean(entry, known)}`)
    }
    checks.expect(typeof weight === 'number' && weight >= 0, `${option}["${entry}"]`, 'a number from 0', weight)
  }
}
