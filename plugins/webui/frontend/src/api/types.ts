/** The names by which the rest of the program calls what goes over the wire. */
import type { components } from "./schema";

export type Schemas = components["schemas"];

/** What the list, and only the list, carries beside what is described: see the channels of the socket. */
interface Asked {
  gapStatus?: number[] | null;
  reqStatus?: number[] | null;
}

export type Item = Schemas["WireItem"] & Asked;
export type Status = Item["status"];
export type Instance = Schemas["InstanceInfo"];
export type Category = Schemas["Category"];
export type DiskSpace = Schemas["DiskSpace"];
export type Speeds = Schemas["amutorrent.model.instance.Speeds"];
export type SpeedLimits = Schemas["Limits"];
export type Peer = Schemas["Peer"];
export type Upload = Schemas["Upload"];
export type ItemRef = Schemas["ItemRef"];
export type ItemResult = Schemas["ItemResult"];
export type BatchUpdate = Schemas["BatchUpdate"];
export type SocketMessage = Schemas["SocketMessage"];
export type AuthStatus = Schemas["AuthStatus"];

/** One light of an instance's network status. */
export interface Light {
  status: "green" | "yellow" | "red";
  text: string;
  [fact: string]: unknown;
}

/** The names of what a user may do. */
export type Permission =
  | "search"
  | "add_downloads"
  | "remove_downloads"
  | "pause_resume"
  | "assign_categories"
  | "move_files"
  | "edit_downloads"
  | "rename_files"
  | "set_comment"
  | "manage_categories"
  | "view_history"
  | "clear_history"
  | "view_shared"
  | "view_uploads"
  | "view_statistics"
  | "view_logs"
  | "view_servers"
  | "view_all_downloads"
  | "edit_all_downloads";
