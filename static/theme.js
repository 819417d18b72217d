// Runs before the first paint, so that nothing flashes: the colours that the reader chose, the accent of the site.
{
  const root = document.documentElement;
  const { accent } = document.currentScript.dataset;
  if (accent) root.style.setProperty("--accent", accent);
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {}
}
