import type { ShipStrategy } from './imported-plan.js'

const known: readonly ShipStrategy[] = ['FORWARD', 'HASH', 'REBALANCE', 'RESCALE', 'BROADCAST', 'SHUFFLE', 'GLOBAL', 'CUSTOM']

/** Reads `ship_strategy`. Table jobs write details after the name (`HASH[user]`), adaptive batch jobs variants of FORWARD. */
export function readShipStrategy(text: string | undefined): ShipStrategy {
  const name = (text ?? '').split(/[[( ]/, 1)[0]?.toUpperCase() ?? ''
  if (name.startsWith('FORWARD')) return 'FORWARD'
  return known.find((strategy) => strategy === name) ?? (name.includes('CUSTOM') ? 'CUSTOM' : 'unknown')
}
