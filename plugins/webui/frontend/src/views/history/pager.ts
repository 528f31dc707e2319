/** A long list that the daemon has: pages of it are asked for as they come into sight. */
import type { Entry } from "./question";

export interface Place {
  index: number;
  /** Null until its page has come. */
  entry: Entry | null;
}

export interface Pages {
  /** A place for each entry, up to the most that is shown. */
  places: Place[];
  /** How many there are; null before the first page. */
  total: number | null;
  error: string | null;
}

interface Page {
  entries: Entry[];
  total: number;
}

type Ask = (offset: number, limit: number) => Promise<Page>;

export const PAGE = 100;
/** Nobody scrolls further; filters find what is beyond. */
export const MOST = 20_000;
/** The pages that are read again when the list is refreshed: the last that somebody looked at. */
const FRESH = 3;

export class Pager {
  private pages: Pages = { places: [], total: null, error: null };
  private readonly asked = new Map<number, Promise<void>>();
  private recent: number[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ask: Ask) {}

  readonly read = (): Pages => this.pages;

  readonly subscribe = (heard: () => void): (() => void) => {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  };

  /** Have the page that an entry is on. */
  readonly need = (index: number): Promise<void> => {
    const page = Math.floor(index / PAGE);
    this.recent = [page, ...this.recent.filter((each) => each !== page)].slice(0, FRESH);
    const known = this.asked.get(page);
    if (known) return known;
    const load = this.load(page);
    this.asked.set(page, load);
    return load;
  };

  /** Have all that can be shown. Gives how many that is. */
  async all(): Promise<Entry[]> {
    await this.need(0);
    for (let index = 0; index < this.pages.places.length; index += PAGE) await this.need(index);
    return this.pages.places.flatMap((each) => each.entry ?? []);
  }

  /** Read what is in sight again, and forget the rest. */
  async refresh(): Promise<void> {
    this.asked.clear();
    const again = this.recent.length > 0 ? this.recent : [0];
    await Promise.all(again.map((page) => this.need(page * PAGE)));
  }

  private async load(page: number): Promise<void> {
    try {
      const found = await this.ask(page * PAGE, PAGE);
      this.take(page, found);
    } catch (error) {
      this.asked.delete(page);
      this.tell({ ...this.pages, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private take(page: number, { entries, total }: Page): void {
    const count = Math.min(total, MOST);
    const places = Array.from({ length: count }, (_, index): Place => {
      const at = index - page * PAGE;
      const before = this.pages.places[index];
      if (at < 0 || at >= PAGE) return before ?? { index, entry: null };
      return { index, entry: entries[at] ?? null };
    });
    this.tell({ places, total, error: null });
  }

  private tell(pages: Pages): void {
    this.pages = pages;
    for (const each of [...this.listeners]) each();
  }
}
