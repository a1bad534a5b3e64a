// Carries the pane's messages to Python and Python's answers back. It is a component of its own so
// that an answer does not send the transcript again; the two talk by events of the document.

let set = null;
let answered = null;
document.addEventListener("bei-send", (event) => set?.("queue", event.detail));

export default function link({ data, setStateValue }) {
  const first = set === null;
  set = setStateValue;
  if (data?.nonce && data.nonce !== answered) {
    answered = data.nonce;
    document.dispatchEvent(new CustomEvent("bei-answer", { detail: data }));
  }
  if (first) document.dispatchEvent(new CustomEvent("bei-ready"));
  return () => { if (set === setStateValue) set = null; };
}
