// Where the server says a text aloud. A page plays it by <audio> or decodes it; the same text is heard from the cache.

/** @param language a tag of the office, as `de-simple` @param text at most 300 characters, no markup */
export function speechUrl(language, text) {
  return `/speech/${encodeURIComponent(language)}.wav?text=${encodeURIComponent(text)}`;
}
