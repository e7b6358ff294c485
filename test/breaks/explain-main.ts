/** `node dist/test/breaks/explain-main.js [ID…] [--json]`: explains what the breaks do, and compares with the chains written by hand. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { classicChains, moreChains } from './causal-chains.js'
import { explainBreaks, type ChainCompared } from './explain-breaks.js'

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' }, root: { type: 'string' } }, allowPositionals: true })
const all = [...classicChains, ...moreChains]
const unknown = positionals.filter((id) => !all.some((chain) => chain.id === id))
if (unknown.length > 0) {
  console.error(`no chain was written for ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`)
  process.exitCode = 2
} else {
  const chosen = all.filter(({ id }) => positionals.length === 0 || positionals.includes(id))
  const told = values.json === true ? () => {} : print
  const compared = await explainBreaks(values.root ?? join(import.meta.dirname, '../../..'), chosen, told)
  if (values.json === true) console.log(JSON.stringify({ schema: 1, explained: compared }))
  else console.log(`${String(compared.filter(({ agrees }) => agrees).length)} of ${String(compared.length)} agree`)
  process.exitCode = compared.every(({ agrees }) => agrees) ? 0 : 1
}

function print({ id, agrees, missing, others, explained }: ChainCompared): void {
  const what = agrees ? 'agrees' : `DIFFERS: without ${missing.join(', ')}; ${String(others)} others`
  console.log(`${id}  ${what}`)
  if (explained === null) return console.log('  not found')
  const { scenario, seed, plan, because, certain, seconds, tries } = explained
  console.log(`  ${scenario}, seed ${seed}, ${String(tries)} runs in ${seconds.toFixed(1)} s; plan: ${plan.join('; ') || 'none'}`)
  for (const { timeUs, kind, words } of because)
    console.log(`    ${(timeUs / 1000).toFixed(3).padStart(10)} ms  ${kind.padEnd(24)} ${words}`)
  if (certain !== null) {
    const { timeUs, words, before, after } = certain
    console.log(`  certain from ${(timeUs / 1000).toFixed(3)} ms: ${words} (${percent(before)} before, ${percent(after)} after)`)
  }
}

function percent(part: number): string {
  return `${String(Math.round(100 * part))} %`
}
