// What the page's half meets on its other sides: anywidget's model, and as much of Jupyter as we look
// at. Only the model has to be there; whoever shows explorers without Jupyter brings one.

export interface Model {
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, hear: (...words: any[]) => void): void;
  off(event: string, hear: (...words: any[]) => void): void;
  widget_manager?: Manager;
}

export interface Manager {
  kernel?: Kernel | null;
  get_model(name: string): Promise<Model>;
  create_view(model: Model): Promise<{ el: HTMLElement; remove(): void }>;
}

export interface Kernel {
  status: string;
  isDisposed: boolean;
  statusChanged: Signal<string>;
  anyMessage: Signal<Message>;
}

export interface Signal<Word> {
  connect(hear: (kernel: unknown, word: Word) => void): unknown;
  disconnect(hear: (kernel: unknown, word: Word) => void): unknown;
}

export interface Message {
  direction: "send" | "recv";
  msg: { content: { execution_state?: string }; parent_header: { msg_type?: string } };
}
