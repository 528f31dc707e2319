/** Formularios hechos a partir de una descripción. */
import type { form as english } from "../en/form";

export const form: Record<keyof typeof english, string> = {
  "password.rules": "Qué se pide",
  "password.length": "De 8 a 256 caracteres",
  "password.notName": "Distinta del nombre de usuario",
  "password.notCommon": "Ninguna de las 1.000 más comunes: se comprueba al guardar",
  "password.kept": "se cumple",
  "password.notYet": "aún no",
  "form.required": "{label} (obligatorio)",
  "form.range": "de {minimum} a {maximum}",
  "form.default": "por defecto: {value}",
  "form.locked": "Lo fija una variable de entorno o una opción del demonio: cámbialo allí.",
  "form.waiting": "Guardado; vale desde el próximo arranque del demonio.",
  "form.anyInstance": "El primero que pueda",
  "form.perLine": "Uno por línea",
  "form.secretSaved": "Guardado. Escribe para sustituirlo",
  "form.secretRemove": "Quitar",
  "form.secretKeep": "Mantener el guardado",
};
