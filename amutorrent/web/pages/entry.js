// What both pages do with their form: send it as JSON, and say in words why it was refused.

const form = document.querySelector("form");
const button = form.querySelector("button");
const alert = form.querySelector("[role=alert]");

// `read` makes the body of the form's fields, or throws an Error that says what is wrong with them.
export function onSubmit(path, read) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    alert.textContent = "";
    button.disabled = true;
    try {
      await send(path, read(form.elements));
      location.reload(); // the daemon knows where somebody who is signed in goes from here
    } catch (error) {
      alert.textContent = error.message;
      button.disabled = false;
    }
  });
}

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error("The daemon does not answer. Is it running?");
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.message ?? `The daemon answered with ${answer.status}`);
  }
}
