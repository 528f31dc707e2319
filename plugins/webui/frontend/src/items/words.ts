/** A text filter: words in any order. */

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether a text (in lower case) holds all the words. */
export function matches(text: string, words: readonly string[]): boolean {
  return words.every((each) => text.includes(each));
}
