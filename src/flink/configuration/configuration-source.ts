/** Where configuration values come from: a file, an answer of the REST interface, or a `--set` option. */

/** One value as found: the key as written there. */
export interface ConfigurationEntry {
  readonly key: string
  readonly text: string
  /** `config.yaml:12:5`, `checkpoints-config.json $.interval`, `--set` … */
  readonly where: string
}

/** The values of one source, in its order. Later sources win over earlier ones. */
export interface ConfigurationSource {
  readonly entries: readonly ConfigurationEntry[]
  readonly warnings: readonly string[]
  /** The program's own parameters (`user-config` of the REST interface): not settings of Flink. */
  readonly programParameters?: Readonly<Record<string, string>>
}
