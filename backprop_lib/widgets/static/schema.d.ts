// What Python sends. tools/page_types.py writes this file: change what it says in Python.

/** A setting that is a number, or with ``place`` one number of a list. */
export interface Slider {
  kind: "slider";
  trait: string;
  label: string;
  text: string;
  min: number;
  max: number;
  step: number;
  scale?: "log";
  place?: number;
  over_picture?: boolean;
}

/** Sets settings, or with ``act`` asks for a deed and sets nothing. */
export interface Button {
  kind: "button";
  label: string;
  sets: Record<string, any>;
  off: boolean;
  act?: string;
  main?: boolean;
}

/** Takes a whole number one further, again and again, to the ``last``. */
export interface Play {
  kind: "play";
  trait: string;
  last: number;
  label: string;
  pause: string;
  speed: string;
  speeds: Array<[string, number]>;
}

/** A drop-down list; the value that is chosen is set as it stands here, a number as a number. */
export interface Choice {
  kind: "choice";
  trait: string;
  label: string;
  options: Array<[any, string]>;
}

/** A question with its answers: the setting is the place of the one that is chosen. */
export interface Answers {
  kind: "question";
  trait: string;
  label: string;
  options: Array<string>;
  verdict: "" | "right" | "wrong";
}

/** A bar that shows how far a setting has come. */
export interface Progress {
  kind: "progress";
  trait: string;
  label: string;
  text: string;
  max: number;
  value: number;
}

/** A line of text to take along. */
export interface Copy {
  kind: "copy";
  label: string;
  text: string;
  button: string;
  done: string;
}

/** A sheet to draw on: the setting is a list of strokes, see ``datasets.strokes``. */
export interface Pad {
  kind: "pad";
  trait: string;
  label: string;
  first: boolean;
  hint: string;
  down: string;
  up: string;
  most_points: number;
  most_strokes: number;
}

export type Control = Slider | Button | Play | Choice | Answers | Progress | Copy | Pad;

/** All that the page shows of an explorer. */
export interface View {
  title: string;
  picture: string;
  moment: string;
  timeline: string;
  caption: string;
  formula: string;
  description: string;
  lines_title: string;
  lines: Array<[string, string]>;
  controls: Array<Control>;
  optional: Array<string>; // the settings that may be nothing
  message: string;
}
