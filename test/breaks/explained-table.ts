/** The table of `docs/explanations.md` that puts explanations of breaks beside the chains that were written by hand. */
import type { CausalChain } from './causal-chains.js'
import type { ChainCompared } from './explain-breaks.js'
import { withTable, type PageTable } from './page-table.js'

const TABLE: PageTable = {
  begin: '<!-- explained: written by npm run breaks -- --explain -->',
  end: '<!-- explained: end -->',
  columns: ['break', 'rule that names it', 'written by hand', 'because', ''],
}

/** The page with the table made anew; what was not explained now stays. */
export function withExplainedTable(page: string, chains: readonly CausalChain[], compared: readonly ChainCompared[]): string {
  const written = new Map(chains.map((chain) => [chain.id, chain]))
  const rows = new Map(compared.map((each) => [each.id, cellsOf(written.get(each.id), each)]))
  return withTable(
    page,
    TABLE,
    rows,
    chains.map(({ id }) => id),
  )
}

function cellsOf(chain: CausalChain | undefined, { agrees, missing, others, explained }: ChainCompared): string[] {
  const because = explained === null ? 'not found' : explained.because.map(({ kind }) => kind).join(', ')
  const differs = missing.length > 0 ? `**differs**: without ${missing.join(', ')}` : `**differs**: ${String(others)} events besides`
  return [`\`${chain?.rule ?? ''}\``, (chain?.chain ?? []).join(', '), because, agrees ? 'agrees' : differs]
}
