// The texts of both pages. English stands in the pages themselves, and here for what is said later.

const LANGUAGES = { en: "English", es: "Español" };
const REMEMBERED = "amutorrent.language"; // the web UI keeps its choice there

const TEXTS = {
  en: {
    "error.away": "The daemon does not answer. Is it running?",
    "error.answer": "The daemon answered with {status}",
    "error.differ": "The two passwords are not the same",
    wait: "Wait {seconds} s",
  },
  es: {
    "login.title": "Iniciar sesión - aMuTorrent",
    "login.heading": "Iniciar sesión",
    "setup.title": "Primera cuenta - aMuTorrent",
    "setup.heading": "Te damos la bienvenida",
    "setup.about": "Aún no hay ninguna cuenta. La primera es de administrador.",
    "setup.token": "Código del enlace que el demonio escribió al arrancar",
    "setup.where": "¿Dónde está el enlace?",
    "setup.whereLog": "El demonio lo escribe en su registro en cada arranque, mientras no haya cuenta: en el terminal, con journalctl o con docker logs. Ábrelo, o copia aquí lo que sigue a token=.",
    "setup.whereCommand": "Sin el enlace, en la propia máquina, esta orden hace lo mismo:",
    "setup.password": "Contraseña, al menos 8 caracteres",
    "setup.again": "La contraseña otra vez",
    "setup.create": "Crear la cuenta",
    "setup.next": "Después: conectar tus clientes de descargas. Los que funcionan en esta máquina se encuentran solos.",
    name: "Nombre de usuario",
    password: "Contraseña",
    "login.remember": "Mantener la sesión 30 días",
    "login.send": "Iniciar sesión",
    "login.forgot": "¿Has olvidado la contraseña? Un administrador puede darte otra; en la propia máquina lo hace esta orden:",
    show: "Mostrar lo que escribo",
    script: "Esta página necesita JavaScript.",
    "error.away": "El demonio no responde. ¿Está en marcha?",
    "error.answer": "El demonio respondió con {status}",
    "error.differ": "Las dos contraseñas no son iguales",
    "error.unknown": "El nombre de usuario o la contraseña no son correctos",
    "error.token": "Este no es el enlace que el demonio escribió en su último arranque",
    "error.limited": "Demasiados intentos fallidos desde esta dirección",
    wait: "Espera {seconds} s",
  },
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
