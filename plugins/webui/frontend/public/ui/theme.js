// Runs before the style sheet, so that no wrong theme flashes: the choice that this browser remembers.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem("amutorrent.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (localStorage.getItem("amutorrent.text") === "large") root.dataset.text = "large";
  } catch (error) {
    // Storage is forbidden here: the system's choice holds.
  }
})();
