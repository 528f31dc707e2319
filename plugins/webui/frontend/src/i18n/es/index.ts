/** Spanish. */
import type { Catalogue } from "..";
import { add } from "./add";
import { common } from "./common";
import { downloads } from "./downloads";
import { home } from "./home";
import { panel } from "./panel";
import { shared } from "./shared";
import { shell } from "./shell";

export const es: Catalogue = { ...common, ...shell, ...add, ...home, ...downloads, ...panel, ...shared };
