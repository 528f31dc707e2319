/** Where the details of an item are; their code is loaded when the first ones are opened. */
import { later } from "../../ui/later";

export interface PanelProps {
  itemKey: string;
  /** The list beside it, in order: to step to the next one. */
  keys: string[];
}

export const PanelSlot = later<PanelProps>(() => import("./Panel"));
