/** The folders that an instance shares, with everything below them. */
import { IconTrash } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { call, type Reply } from "../../api/client";
import { t } from "../../i18n";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showDialog } from "../../ui/dialogs";
import { Skeleton } from "../../ui/Parts";
import { PathField } from "../../ui/PathField";
import { toast, toastError } from "../../ui/toasts";

type Found = Reply<"/api/amule/shared-dirs", "get">;

export function openSharedDirs(instanceId: string, name: string): void {
  showDialog((close) => <SharedDirs instanceId={instanceId} name={name} onClose={close} />);
}

interface SharedDirsProps {
  instanceId: string;
  name: string;
  onClose: () => void;
}

function SharedDirs({ instanceId, name, onClose }: SharedDirsProps) {
  const [found, setFound] = useState<Found | null>(null);
  const [roots, setRoots] = useState<string[]>([]);
  const [fresh, setFresh] = useState("");
  useEffect(() => {
    call("get", "/api/amule/shared-dirs", { query: { instanceId } }).then((each) => {
      setFound(each);
      setRoots(each.roots ?? []);
    }, toastError);
  }, [instanceId]);
  function add() {
    if (fresh.trim()) setRoots([...new Set([...roots, fresh.trim()])]);
    setFresh("");
  }
  function save() {
    const directories = fresh.trim() ? [...new Set([...roots, fresh.trim()])] : roots;
    call("put", "/api/amule/shared-dirs", { body: { instanceId, directories } }).then(({ totalDirs, warnings }) => {
      toast([t("shared.saved", { count: totalDirs }), ...warnings].join("\n"));
      onClose();
    }, toastError);
  }
  const dirty = fresh.trim() !== "" || (found?.roots ?? []).join("\n") !== roots.join("\n");
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={!found?.configured || (roots.length === 0 && !fresh.trim())}>
        {t("action.save")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("shared.foldersOf", { name })} onClose={onClose} onSubmit={save} foot={foot} dirty={dirty}>
      {!found && <Skeleton lines={4} />}
      {found && !found.configured && <PathForm instanceId={instanceId} onDone={setFound} />}
      {found?.configured && (
        <>
          <p className="quiet small">{t("shared.foldersHelp")}</p>
          {found.canWrite === false && <p className="notice bad">{t("shared.cannotWrite", { path: found.path ?? "" })}</p>}
          <ul>
            {roots.map((root) => (
              <li key={root} className="row">
                <span className="mono grow truncate" title={root}>
                  {root}
                </span>
                {found.inaccessibleRoots?.includes(root) && <span className="wrong small">{t("shared.unseen")}</span>}
                <IconButton label={t("shared.remove", { name: root })} onClick={() => setRoots(roots.filter((each) => each !== root))}>
                  <IconTrash size={16} aria-hidden />
                </IconButton>
              </li>
            ))}
          </ul>
          <div className="row" style={{ alignItems: "flex-end" }}>
            <div className="grow">
              <PathField label={t("shared.newFolder")} value={fresh} onChange={setFresh} />
            </div>
            <Button onClick={add} disabled={!fresh.trim()}>
              {t("action.add")}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

interface PathFormProps {
  instanceId: string;
  onDone: (found: Found) => void;
}

/** Where the client keeps its list has to be known first. */
function PathForm({ instanceId, onDone }: PathFormProps) {
  const [path, setPath] = useState("");
  async function save() {
    await call("put", "/api/amule/shared-dirs/config", { body: { instanceId, sharedDirDatPath: path.trim() } });
    onDone(await call("get", "/api/amule/shared-dirs", { query: { instanceId } }));
  }
  return (
    <div className="stack">
      <p>{t("shared.notConfigured")}</p>
      <PathField label={t("shared.listPath")} value={path} onChange={setPath} files />
      <div>
        <Button disabled={!path.trim()} onClick={() => void save().catch(toastError)}>
          {t("action.apply")}
        </Button>
      </div>
    </div>
  );
}
