// Runs before the style sheet: the theme that this browser remembers from the web UI, else the system's.
(function () {
  try {
    const theme = localStorage.getItem("amutorrent.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (error) {
    // Storage is forbidden here: the system's choice holds.
  }
})();
