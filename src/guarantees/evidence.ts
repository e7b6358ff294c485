/** The `seq` of events as a proof: in order, each once; 0 is none. */
export function inOrder(seqs: readonly number[]): number[] {
  return [...new Set(seqs)].filter((seq) => seq > 0).sort((one, other) => one - other)
}
