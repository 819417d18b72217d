// The dialog that asks for the password of the desk.
import { el } from "./dom.js";

/** Asks until `logIn`, called with what was typed, gives a token. */
export const ask = (logIn) => new Promise((resolve) => {
  const field = el("input", { type: "password", id: "password", autocomplete: "current-password", required: true });
  const wrong = el("p.wrong", { role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    try {
      const { token } = await logIn(field.value);
      dialog.close();
      dialog.remove();
      resolve(token);
    } catch (error) {
      wrong.textContent = error.message;
      field.select();
    }
  };
  const dialog = el("dialog", { "aria-label": "Password" },
    el("form", { onsubmit: send }, el("label", { for: "password" }, "Password of the desk"), field, wrong, el("p.row", el("button.main", "Log in"))));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
});
