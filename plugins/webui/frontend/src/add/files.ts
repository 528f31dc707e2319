/** Files that somebody gives us: the torrents among them, and of each other one why it is none. */
import type { Key } from "../i18n";

export interface Refused {
  name: string;
  reason: Key;
}

/** What the daemon takes at most, in bytes. Source: http-api.md, uploads. */
const LARGEST = 16 * 1024 * 1024;
/** A torrent is a bencoded dictionary: `d`, then the length of its first key. */
const TORRENT = /^d\d/;

/** Look at the files, not at their names. */
export async function sorted(files: File[]): Promise<{ torrents: File[]; refused: Refused[] }> {
  const reasons = await Promise.all(files.map(wrongWith));
  return {
    torrents: files.filter((_, at) => reasons[at] === null),
    refused: files.flatMap(({ name }, at) => (reasons[at] ? [{ name, reason: reasons[at] }] : [])),
  };
}

async function wrongWith(file: File): Promise<Key | null> {
  const head = await file.slice(0, 2).text().catch(() => null);
  if (head === null) return "add.file.unreadable"; // a folder comes as a file that cannot be read
  if (file.size === 0) return "add.file.empty";
  if (!TORRENT.test(head)) return "add.file.noTorrent";
  return file.size > LARGEST ? "add.file.tooLarge" : null;
}

/** Both lists as one; the same file once. */
export function together(before: File[], more: File[]): File[] {
  const nameOf = (file: File) => `${file.name} ${String(file.size)} ${String(file.lastModified)}`;
  return [...new Map([...before, ...more].map((each) => [nameOf(each), each])).values()];
}
