/** A text in which the words that were looked for stand out. */
import { marksIn } from "./marks";

export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text;
  return marksIn(text, words).map(([part, found], at) => (found ? <mark key={at}>{part}</mark> : part));
}
