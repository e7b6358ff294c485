/** An option of Flink's configuration as data, in the words of Flink's `ConfigOption`. */

/** How the text of a value is read. `{ names }` is a choice; each name lists its other spellings after it. */
export type OptionType =
  'duration' | 'memory' | 'integer' | 'decimal' | 'boolean' | 'string' | { readonly names: readonly (readonly string[])[] }

/** One option: its key as Flink spells it, the older keys it answers to, and what it means here. */
export interface ConfigOption {
  readonly key: string
  /** Deprecated and fallback keys, the preferred one first (`withDeprecatedKeys`, `withFallbackKeys`). */
  readonly aliases: readonly string[]
  readonly type: OptionType
  /** Flink's default in its own notation; null when Flink has none or derives it. */
  readonly default: string | null
  readonly doc: string
  /** Path of the setting in `JobConfiguration`, or why the option changes nothing in the model. */
  readonly effect: { readonly feeds: string } | { readonly none: string }
}

/** Shorthand for an option that decides a setting. */
export function feeds(
  key: string,
  type: OptionType,
  defaultValue: string | null,
  setting: string,
  doc: string,
  aliases: readonly string[] = [],
): ConfigOption {
  return { key, aliases, type, default: defaultValue, doc, effect: { feeds: setting } }
}

/** Shorthand for an option that is accepted but changes nothing in the model, for the reason given. */
export function accepted(
  key: string,
  type: OptionType,
  defaultValue: string | null,
  reason: string,
  doc: string,
  aliases: readonly string[] = [],
): ConfigOption {
  return { key, aliases, type, default: defaultValue, doc, effect: { none: reason } }
}
