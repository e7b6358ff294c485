/** Explanations of what the breaks do, made in broken copies, and compared with chains that were written by hand. */
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { breakCompiled, compileProject, removeCopy } from './broken-copy.js'
import { breaks } from './breaks.js'
import type { CausalChain } from './causal-chains.js'
import { MAX_RUNS } from './run-break.js'
import type { BreakExplained } from './explain-break.js'

/** How an explanation compares with the chain that was expected. */
export interface ChainCompared {
  readonly id: string
  readonly agrees: boolean
  /** Links of the chain that the explanation does not have in their order. */
  readonly missing: readonly string[]
  /** Events of the explanation that are no link of the chain. */
  readonly others: number
  /** What was found; null when the break was not. */
  readonly explained: BreakExplained | null
}

/** Events besides the links of a chain: an explanation that names half of the run explains nothing. */
const MOST_OTHERS = 5

/**
 * A request and its effect are one link: which of the two a rule looks at makes no other chain. Neither does whether the operator that
 * takes a record in is one with state or a sink.
 */
const ONE_LINK: Readonly<Record<string, string>> = {
  'commit-requested': 'commit',
  'checkpoint-acknowledged': 'acknowledgement-accepted',
  'sink-write': 'state-apply',
}

/** Compares an explanation with a chain: every link in its order, and few events besides. */
export function compareChain({ id, chain, atTheEnd }: CausalChain, explained: BreakExplained | null): ChainCompared {
  const compared = compareOrder(id, chain, explained)
  const other = atTheEnd === undefined || compared.agrees ? undefined : compareOrder(id, atTheEnd, explained)
  return other?.agrees === true ? other : compared
}

function compareOrder(id: string, written: CausalChain['chain'], explained: BreakExplained | null): ChainCompared {
  const linkOf = (kind: string): string => ONE_LINK[kind] ?? kind
  const kinds = (explained?.because ?? []).map(({ kind }) => linkOf(kind))
  const chain = written.map(linkOf)
  const missing: string[] = []
  let at = 0
  for (const link of chain) {
    const found = kinds.indexOf(link, at)
    if (found < 0) missing.push(link)
    else at = found + 1
  }
  const others = kinds.length - (chain.length - missing.length)
  return { id, agrees: missing.length === 0 && others <= MOST_OTHERS, missing, others, explained }
}

/** Explains breaks, each in a copy and in a process of its own. */
export async function explainBreaks(
  root: string,
  chains: readonly CausalChain[],
  told: (compared: ChainCompared) => void = () => {},
  { maxRuns = MAX_RUNS, forks = 20 }: { readonly maxRuns?: number; readonly forks?: number } = {},
): Promise<ChainCompared[]> {
  const folder = mkdtempSync(join(tmpdir(), 'explained-'))
  const compared: ChainCompared[] = []
  try {
    const compiled = join(folder, 'unbroken')
    await compileProject(root, compiled)
    for (const chain of chains) {
      const broken = breaks.find(({ id }) => id === chain.id)
      if (broken === undefined) throw new Error(`there is no break ${chain.id}`)
      const copy = join(folder, chain.id)
      await breakCompiled(root, compiled, copy, broken)
      const explained = JSON.parse(
        await output(join(copy, 'test/breaks/explain-break.js'), [chain.rule, chain.says ?? '', String(maxRuns), String(forks)]),
      )
      removeCopy(copy)
      const result = compareChain(chain, explained)
      compared.push(result)
      told(result)
    }
  } finally {
    removeCopy(folder)
  }
  return compared
}

/** The last line that a program prints. */
function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=1024', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(said.stdout.trim().split('\n').at(-1) ?? '')
      else reject(new Error(`${program} ended with ${String(code)}\n${said.stderr}`))
    })
  })
}
