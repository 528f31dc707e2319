// The texts of both pages. English stands in the pages themselves, and here for what is said later.

import { spanish } from "./spanish.js";

const LANGUAGES = { en: "English", es: "Español" };
const REMEMBERED = "amutorrent.language"; // the web UI keeps its choice there

const TEXTS = {
  en: {
    "error.away": "The daemon does not answer. Is it running?",
    "error.answer": "The daemon answered with {status}",
    "error.differ": "The two passwords are not the same",
    wait: "Wait {seconds} s",
  },
  es: spanish,
};

function chosen() {
  let remembered = null;
  try {
    remembered = localStorage.getItem(REMEMBERED);
  } catch {
    // Storage is forbidden here: the browser's languages decide.
  }
  const wanted = [remembered, ...navigator.languages].map((each) => each?.slice(0, 2));
  return wanted.find((each) => each in LANGUAGES) ?? "en";
}

const language = chosen();

// Gives a text with `{name}` replaced; `otherwise` is what stands for it in English.
export function text(key, values = {}, otherwise = key) {
  const found = TEXTS[language][key] ?? TEXTS.en[key] ?? otherwise;
  return found.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Puts the page into the language of the browser, or the one that was chosen.
export function translate() {
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll("[data-text]")) {
    each.textContent = text(each.dataset.text, {}, each.textContent);
  }
  document.title = text(document.body.dataset.title, {}, document.title);
  const choice = document.querySelector("#languages");
  for (const [id, name] of Object.entries(LANGUAGES)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, lang: id });
    button.setAttribute("aria-pressed", String(id === language));
    button.addEventListener("click", () => {
      try {
        localStorage.setItem(REMEMBERED, id);
      } catch {
        return; // it would not be remembered over the reload
      }
      location.reload();
    });
    choice.append(button);
  }
}
