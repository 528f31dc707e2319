// Runs before the style sheet, so that no wrong theme flashes: what the web UI remembers in this browser holds here, too.
(() => {
  try {
    const theme = localStorage.getItem("amutorrent.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (localStorage.getItem("amutorrent.text") === "large") document.documentElement.dataset.text = "large";
  } catch {
    // Storage is forbidden here: the system's choice holds.
  }
})();
