/** English: the catalogue that all others follow. One file per part of the UI. */
import { add } from "./add";
import { arr } from "./arr";
import { categories } from "./categories";
import { common } from "./common";
import { downloads } from "./downloads";
import { form } from "./form";
import { history } from "./history";
import { home } from "./home";
import { panel } from "./panel";
import { plugins } from "./plugins";
import { search } from "./search";
import { servers } from "./servers";
import { settings } from "./settings";
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
  ...arr,
  ...form,
  ...plugins,
  ...settings,
};
