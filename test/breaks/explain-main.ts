/** `npm run breaks -- --explain`: explains what the breaks do, and compares with the chains written by hand. */
import { classicChains, moreChains, type CausalChain } from './causal-chains.js'
import { explainBreaks, type ChainCompared } from './explain-breaks.js'

/** All chains that were written. */
export const allChains: readonly CausalChain[] = [...classicChains, ...moreChains]

/** Explains the breaks for which a chain was written, or only some. Undefined when none was written for one of them. */
export async function explainMain(root: string, only: readonly string[] | undefined, json: boolean): Promise<ChainCompared[] | undefined> {
  const all = allChains
  const unknown = (only ?? []).filter((id) => !all.some((chain) => chain.id === id))
  if (unknown.length > 0) {
    console.error(`no chain was written for ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`)
    return undefined
  }
  const chosen = all.filter(({ id }) => only === undefined || only.includes(id))
  const compared = await explainBreaks(root, chosen, json ? () => {} : print)
  if (json) console.log(JSON.stringify({ schema: 1, explained: compared }))
  else console.log(`${String(compared.filter(({ agrees }) => agrees).length)} of ${String(compared.length)} agree`)
  return compared
}

function print({ id, agrees, missing, others, explained }: ChainCompared): void {
  const what = agrees ? 'agrees' : `DIFFERS: without ${missing.join(', ') || 'nothing'}; ${String(others)} others`
  console.log(`${id}  ${what}`)
  if (explained === null) return console.log('  not found')
  const { scenario, seed, plan, because, certain, seconds, tries } = explained
  console.log(`  ${scenario}, seed ${seed}, ${String(tries)} runs in ${seconds.toFixed(1)} s; plan: ${plan.join('; ') || 'none'}`)
  for (const { timeUs, kind, words } of because)
    console.log(`    ${(timeUs / 1000).toFixed(3).padStart(10)} ms  ${kind.padEnd(24)} ${words}`)
  if (certain === null) return
  const { timeUs, words, before, after } = certain
  console.log(`  certain from ${(timeUs / 1000).toFixed(3)} ms: ${words} (${percent(before)} before, ${percent(after)} after)`)
}

function percent(part: number): string {
  return `${String(Math.round(100 * part))} %`
}
