// Asks over one WebSocket, one question at a time: what is asked while an answer is awaited is asked once it has come, the latest alone.
export class Socket {
  constructor(question, answered, trouble) {
    Object.assign(this, { question, answered, trouble, id: 0, waits: false, again: false, wait: 250 });
    this.open();
  }

  open() {
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.socket.addEventListener("open", () => { this.wait = 250; this.trouble(""); this.waits = false; this.ask(); });
    this.socket.addEventListener("message", event => this.receive(JSON.parse(event.data)));
    this.socket.addEventListener("close", () => {
      this.trouble("The network is not there. Trying again …");
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(8000, 2 * this.wait);
    });
  }

  ask() {
    this.again = true;
    document.body.dataset.settled = false;
    this.send();
  }

  send() {
    if (this.waits || !this.again || this.socket.readyState !== WebSocket.OPEN) return;
    this.again = false;
    this.waits = true;
    this.socket.send(JSON.stringify({ ...this.question(), id: ++this.id }));
  }

  receive(answer) {
    this.waits = false;
    if (answer.error) this.trouble(answer.error);
    else this.answered(answer);
    document.body.dataset.answered = answer.id;
    document.body.dataset.settled = !this.again;
    this.send();
  }
}
