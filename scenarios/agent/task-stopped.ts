/** The end of a task before its time. Apart, because whatever watches over a task can end it and whatever retries must let it. */

/** The task is over: nothing more is begun for it, by whatever is still at work. */
export class TaskStopped extends Error {
  override readonly name = 'TaskStopped'
}
