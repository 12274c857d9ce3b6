import { answerTasks } from "../workers/answer-tasks.ts";
import { testSequence } from "./test-sequence.ts";

export type TestSequence = typeof testSequence;

answerTasks(testSequence);
