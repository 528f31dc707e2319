/** English: the catalogue that all others follow. One file per part of the UI. */
import { add } from "./add";
import { categories } from "./categories";
import { common } from "./common";
import { downloads } from "./downloads";
import { history } from "./history";
import { home } from "./home";
import { panel } from "./panel";
import { search } from "./search";
import { servers } from "./servers";
import { shared } from "./shared";
import { shell } from "./shell";
import { statistics } from "./statistics";

export const en = {
  ...common,
  ...shell,
  ...add,
  ...home,
  ...downloads,
  ...panel,
  ...shared,
  ...search,
  ...history,
  ...statistics,
  ...categories,
  ...servers,
};
