/** English: the catalogue that all others follow. One file per part of the UI. */
import { add } from "./add";
import { common } from "./common";
import { downloads } from "./downloads";
import { home } from "./home";
import { panel } from "./panel";
import { shared } from "./shared";
import { shell } from "./shell";

export const en = { ...common, ...shell, ...add, ...home, ...downloads, ...panel, ...shared };
