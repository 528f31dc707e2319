/** What kind of file a name stands for, by its ending. */

export const KINDS = ["video", "audio", "archive", "image", "document", "picture", "program", "other"] as const;
export type Kind = (typeof KINDS)[number];

const ENDINGS: Record<Exclude<Kind, "other">, string> = {
  video: "3gp asf avi divx flv m2ts m4v mkv mov mp4 mpeg mpg ogm ogv rm rmvb ts vob webm wmv",
  audio: "aac ac3 aiff ape flac m4a m4b mka mid midi mp2 mp3 mpc oga ogg opus wav wma wv",
  archive: "7z ace arj bz2 cab gz lzh rar tar tgz xz z zip zst",
  image: "bin cue dmg img iso mdf mds nrg vhd",
  document: "azw azw3 chm csv djvu doc docx epub fb2 htm html lit mobi odp ods odt pdf ppt pptx rtf srt sub tex txt xls xlsx xml",
  picture: "bmp gif heic ico jpeg jpg png psd svg tif tiff webp",
  program: "apk app bat com deb exe jar msi pkg rpm sh",
};

const KIND_OF = new Map(
  Object.entries(ENDINGS).flatMap(([kind, endings]) => endings.split(" ").map((each) => [each, kind as Kind] as const)),
);

export function kindOf(name: string): Kind {
  const dot = name.lastIndexOf(".");
  return (dot > 0 && KIND_OF.get(name.slice(dot + 1).toLowerCase())) || "other";
}
