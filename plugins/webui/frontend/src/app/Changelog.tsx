/** The little Markdown that a changelog is written in: headings, lists, paragraphs. */
interface Block {
  kind: "heading" | "item" | "text";
  text: string;
}

/** Read the lines into blocks; a line that is indented goes on with the one before. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  for (const line of markdown.split("\n")) {
    const last = blocks.at(-1);
    if (/^#+\s/.test(line)) blocks.push({ kind: "heading", text: line.replace(/^#+\s*/, "") });
    else if (/^[-*]\s/.test(line)) blocks.push({ kind: "item", text: line.slice(2) });
    else if (line.trim() === "") blocks.push({ kind: "text", text: "" });
    else if (last && last.text !== "" && last.kind !== "heading") last.text += ` ${line.trim()}`;
    else blocks.push({ kind: "text", text: line.trim() });
  }
  return blocks.filter((each) => each.text !== "").map((each) => ({ ...each, text: each.text.replace(/[*`]/g, "") }));
}

export default function Changelog({ text }: { text: string }) {
  return blocksOf(text).map((block, index) => {
    if (block.kind === "heading") return <h3 key={index}>{block.text}</h3>;
    return <p key={index}>{block.kind === "item" ? `• ${block.text}` : block.text}</p>;
  });
}
