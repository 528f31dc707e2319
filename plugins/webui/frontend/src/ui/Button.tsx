/** A button with words, and one with an icon alone, which has a name all the same. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Tip } from "./Tip";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "normal" | "primary" | "danger" | "quiet";
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = "normal", className = "", type = "button", ...rest }: ButtonProps) {
  const kind = look === "normal" ? "" : `btn-${look}`;
  return <button type={type} className={`btn ${kind} ${className}`} {...rest} />;
}

interface IconButtonProps extends Omit<ButtonProps, "children"> {
  label: string;
  children: ReactNode;
  /** Where the name shows anyway, no tooltip is needed. */
  tip?: boolean;
}

export function IconButton({ label, tip = true, look = "quiet", className = "", ...rest }: IconButtonProps) {
  const button = <Button look={look} aria-label={label} className={`btn-icon ${className}`} {...rest} />;
  return tip ? <Tip text={label}>{button}</Tip> : button;
}
