/** The files of an item as a tree: folders with the totals of what is in them, and the rows of it that are in sight. */
import type { Schemas } from "../../../api/types";
import { matches } from "../../words";
import { collator } from "../../../table/sorting";

export type File = Schemas["FileEntry"];
export type Priority = NonNullable<File["priority"]>;

export const PRIORITIES: readonly Priority[] = [2, 1, 0];

interface Entry {
  /** The whole path; that of a folder ends with a slash. */
  path: string;
  name: string;
  size: number;
  /** 0 to 100, which no folder has while a byte of it is missing. */
  progress: number;
  /** null: the files of the folder have different ones. */
  priority: Priority | null;
  /** The indexes of all files in it. */
  files: number[];
}

export interface Leaf extends Entry {
  inside: null;
}

export interface Folder extends Entry {
  inside: TreeNode[];
}

export type TreeNode = Leaf | Folder;

/** Put files into folders; the root has the path "". */
export function treeOf(files: readonly File[]): Folder {
  const folders = new Map<string, Folder>();
  const root = folderAt("", folders);
  for (const file of files) {
    const cut = file.path.lastIndexOf("/") + 1;
    const { path, size, progress, priority = 1, index } = file;
    const leaf: Leaf = { path, name: path.slice(cut), size, progress, priority, files: [index], inside: null };
    folderAt(path.slice(0, cut), folders).inside.push(leaf);
  }
  add(root);
  return root;
}

function folderAt(path: string, folders: Map<string, Folder>): Folder {
  const known = folders.get(path);
  if (known) return known;
  const cut = path.lastIndexOf("/", path.length - 2) + 1;
  const name = path.slice(cut, -1);
  const made: Folder = { path, name, size: 0, progress: 0, priority: null, files: [], inside: [] };
  folders.set(path, made);
  if (path) folderAt(path.slice(0, cut), folders).inside.push(made);
  return made;
}

/** Put what is in a folder into order and add it up, from below. */
function add(folder: Folder): void {
  let [done, whole] = [0, true];
  for (const each of folder.inside) {
    if (each.inside) add(each);
    folder.size += each.size;
    done += each.size * each.progress;
    whole &&= each.progress >= 100;
    for (const index of each.files) folder.files.push(index);
  }
  folder.progress = whole ? 100 : folder.size > 0 ? Math.min(99.99, done / folder.size) : 0;
  const first = folder.inside[0]?.priority ?? null;
  folder.priority = folder.inside.every((each) => each.priority === first) ? first : null;
  folder.inside.sort((a, b) => Number(!a.inside) - Number(!b.inside) || collator().compare(a.name, b.name));
}

/** Those files whose path holds all the words. */
export function wanted(files: readonly File[], words: readonly string[]): readonly File[] {
  return words.length === 0 ? files : files.filter((each) => matches(each.path.toLowerCase(), words));
}

export interface TreeRow {
  node: TreeNode;
  /** Of a tree: the first level is 1. */
  level: number;
  /** Its place among those beside it, from 1, and how many they are. */
  place: number;
  of: number;
  open: boolean;
}

/** The rows of all folders that are open. */
export function rowsOf(folder: Folder, isOpen: (path: string) => boolean, level = 1, into: TreeRow[] = []): TreeRow[] {
  folder.inside.forEach((node, index) => {
    const open = node.inside !== null && isOpen(node.path);
    into.push({ node, level, place: index + 1, of: folder.inside.length, open });
    if (node.inside && open) rowsOf(node, isOpen, level + 1, into);
  });
  return into;
}

const FEW = 100;

/** Which folders are open as long as nobody said otherwise: all where there are few files, else those that hold all the rest. */
export function openAtFirst(root: Folder): (path: string) => boolean {
  if (root.files.length <= FEW) return () => true;
  const open = new Set<string>();
  for (let only = root.inside; only.length === 1; ) {
    const [first] = only;
    if (!first?.inside) break;
    open.add(first.path);
    only = first.inside;
  }
  return (path) => open.has(path);
}

/** Give files another priority, as they will be when the client has done it. */
export function prioritised(files: readonly File[], indexes: readonly number[], priority: Priority): File[] {
  const chosen = new Set(indexes);
  return files.map((each) => (chosen.has(each.index) ? { ...each, priority } : each));
}
