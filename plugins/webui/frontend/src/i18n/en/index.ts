/** English: the catalogue that all others follow. One file per part of the UI. */
import { add } from "./add";
import { arr } from "./arr";
import { common } from "./common";
import { downloads } from "./downloads";
import { form } from "./form";
import { home } from "./home";
import { panel } from "./panel";
import { plugins } from "./plugins";
import { settings } from "./settings";
import { shared } from "./shared";
import { shell } from "./shell";

export const en = {
  ...common,
  ...shell,
  ...add,
  ...home,
  ...downloads,
  ...panel,
  ...arr,
  ...form,
  ...plugins,
  ...settings,
  ...shared,
};
