// Light or dark, as the system has it until somebody chooses; in the head, so that nothing flashes.
(function () {
  "use strict";
  var KEY = "verideck-theme";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var chosen = kept();

  function kept() {
    try {
      return window.localStorage.getItem(KEY);
    } catch (unavailable) {
      return chosen || null;
    }
  }

  function keep(theme) {
    chosen = theme;
    try {
      if (theme) window.localStorage.setItem(KEY, theme);
      else window.localStorage.removeItem(KEY);
    } catch (unavailable) {
      // It holds for this page.
    }
  }

  function night() {
    return chosen ? chosen === "night" : dark.matches;
  }

  function apply() {
    root.classList.toggle("nightMode", night());
    root.classList.toggle("night_mode", night());
    var button = document.querySelector(".theme");
    if (button) button.setAttribute("aria-pressed", String(night()));
  }

  root.classList.add("live");
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("storage", function () {
    chosen = kept();
    apply();
  });
  document.addEventListener("DOMContentLoaded", function () {
    var button = document.querySelector(".theme");
    if (!button) return;
    button.addEventListener("click", function () {
      var wanted = night() ? "day" : "night";
      keep((wanted === "night") === dark.matches ? null : wanted);
      apply();
    });
    apply();
  });
})();
