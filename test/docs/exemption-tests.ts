/**
 * Where each invariant's antecedent and each of its exemptions are tested. A test is given by its name, in the test file of the
 * invariant; `file | name` where it stands in another one below `test/harness/invariants`.
 */

/** Two different tests: one on either side of the line. Each may stand in other rows too. */
export type Pair = readonly [string, string]

export interface Tested {
  /** Violated; and not put to the test, or of an invariant that always is, held. */
  readonly antecedent: readonly [violated: string, otherwise: string]
  /** By the name of an exemption: rightly excused, and not excused one step beyond. */
  readonly exemptions: Readonly<Record<string, readonly [excuses: string, oneStepBeyond: string]>>
}

export const tested: Readonly<Record<string, Tested>> = {
  terminates: {
    antecedent: [
      'is violated by %j, with a signature of its own and the end as evidence',
      'is held by an agent that comes to an end: %j',
    ],
    exemptions: {},
  },
  'no-invented-success': {
    antecedent: [
      'is violated by a claim of success without the goal, and shows the claim',
      'is vacuous where the agent claims %s',
    ],
    exemptions: {
      deceived: [
        'excuses what came of it, and nothing once the equal request was answered in truth',
        'excuses nothing that it came after, or that the agent never heard',
      ],
      'asked-by-mistake': [
        'excuses what the model asked for by mistake',
        'does not excuse what the model asked for rightly',
      ],
      'done-by-network': ['is vacuous if it came when its key had been forgotten', 'is violated if it had no key'],
    },
  },
  'transcript-well-formed': {
    antecedent: [
      'is violated by a request that the API refused by itself, and tells its words',
      'is vacuous where the model was never called',
    ],
    exemptions: {
      fault: [
        'is held where a fault made the refusal',
        'is violated by a request that the API refused by itself, and tells its words',
      ],
      thread: [
        'is held where only a thread was not kept: %s',
        'is violated by a request that the API refused by itself, and tells its words',
      ],
      length: [
        'is held where the conversation is only longer than the model reads',
        'is violated by a request that the API refused by itself, and tells its words',
      ],
    },
  },
  'effects-exactly-once': {
    antecedent: [
      'are violations, told with every entry that shows it',
      'is vacuous where nothing was tried and nothing declared',
    ],
    exemptions: {
      'false-answer': [
        'are not unexpected to an agent that was told something false before it made the change',
        'are unexpected where the false answer came later, or only told the model what to do',
      ],
      indeterminate: [
        'may have been applied where the agent reports failure',
        'are missed where the agent claims success without them',
      ],
      'asked-by-mistake': [
        'are not unexpected, and others not missed, where a fault made the model ask for them',
        'are unexpected where the model asked for them without a fault, too, or for something else',
      ],
      'key-forgotten': ['does not count against the agent', 'is, where nothing had held it up'],
    },
  },
  'no-unhandled-rejection': {
    antecedent: [
      'is violated by a rejection without a handler, although the agent answered',
      'is held where everything was caught, failures included',
    ],
    exemptions: {},
  },
  'partial-reply-not-acted-on': {
    antecedent: [
      'must not run, and is shown with the reply',
      'is vacuous where no reply broke off, though calls failed',
    ],
    exemptions: {
      'came-whole': ['may run, whatever broke after it', 'must not run while the rest of the reply is still to come'],
      'read-as-meant': [
        'may run as the model meant it',
        'must not run as the model meant it where the reply itself broke off',
      ],
      'came-to-nothing': [
        'did not run where a fault struck the call, which may have hidden a refusal',
        'ran where a fault struck the call behind something that it had done',
      ],
      'sent-from-elsewhere': [
        'is no matter where the tool says in words of its own what was cut',
        'counts where something was done with %s',
      ],
      'other-values': [
        'is not another tool',
        'must not run where an error in the stream broke it, nor after a restart',
      ],
      'tool-unseen': [
        'is not put to the test by other values that are sent, where the tool runs unseen',
        'must not be sent with a value that was cut, where the tool runs unseen',
      ],
      'asked-for-again': [
        'may run once the model asked for it again in a whole reply',
        'may not run with what was cut because the model asked again',
      ],
      'asked-for-before': [
        'is another than what a whole reply asked for before and is still to be done',
        'is not excused by an equal call that was done long ago',
      ],
      'goal-reached': [
        'is no fault where the agent was deceived, or does not claim success',
        'must not be taken for success where the goal was missed',
      ],
    },
  },
  'no-partial-effects': {
    antecedent: [
      'is violated by a claim of success over a change that is half done',
      'is vacuous where no change was ever half done',
    ],
    exemptions: {
      'rolled-back': [
        'is vacuous where the agent says that it rolled back, for the ledger cannot tell',
        'is violated by a claim of success over a change that is half done',
      ],
      deceived: [
        'is vacuous where the next try was answered with a pretended success',
        'is violated where the false answer came before the change was half done, or was made good since',
      ],
      hindered: [
        'where the next try failed for good',
        'is violated by an honest failure where what lasted had been met before the change was begun',
      ],
      'struck-again': [
        'where it tried again and the outage, over by the answer, was still on',
        'is violated by an honest failure where the next try was not disturbed and did not complete it',
      ],
      'left-by-its-model': [
        'is vacuous where its model failed it in the end, and violated where the model answered once more',
        'is violated where its model failed it before the change was begun',
      ],
    },
  },
  'breaker-trips': {
    antecedent: ['is broken by one turn more, which is the evidence', 'is not put to the test below it'],
    exemptions: {
      'in-flight': [
        'breaker/dependencies | exempts calls that were in flight when it opened',
        'breaker/dependencies | is broken by a call that gets through before, which is the evidence beside what should have opened it',
      ],
      'another-flow': [
        'breaker/dependencies | excuses as many calls of that instant as other flows were under way, and no more',
        'breaker/dependencies | is broken in the same instant too, where nothing else is under way',
      ],
      'given-up': [
        'does not count a failure that the agent may have counted earlier, when it gave the call up',
        'makes-progress | has heard an answer that took long where it goes on in that very instant',
      ],
      'false-answer': [
        'counts no error that came as a deceptive success, for the agent may have taken it for one',
        'makes-progress | may have taken a false answer for a failure, and one with an instruction in it is true',
      ],
      'clock-jump': [
        'breaker/dependencies | is not judged across a jump of the wall clock, by which breakers count',
        'breaker/dependencies | is broken by a call that gets through before, which is the evidence beside what should have opened it',
      ],
      'asked-again': [
        'does not count a question that failed and is asked of another model',
        'counts another question of another model, and one that had been answered',
      ],
      restart: [
        'lets every count begin anew',
        'does not take back what was broken before it, and counts the turn that it interrupted',
      ],
    },
  },
  'breaker-recovers': {
    antecedent: [
      'is violated where the model asks for it in vain, again and again, and the goal is missed',
      'is vacuous where no breaker was given, none had to open, or faults were not over',
    ],
    exemptions: {
      'not-healed': [
        'is vacuous where no breaker was given, none had to open, or faults were not over',
        'is violated where that is called in its place more often than there are probes, the goal reached or not',
      ],
      'not-due': [
        'is vacuous where the reset time was not over, or the outage that tripped it',
        'is violated where that is called in its place more often than there are probes, the goal reached or not',
      ],
      'no-use': [
        'is vacuous where the agent runs no tool at all any more',
        'is violated where the tool that calls the service fails without calling it',
      ],
      'goal-reached': [
        'is vacuous where the goal was reached without it',
        'is violated where the model asks for it in vain, again and again, and the goal is missed',
      ],
      'clock-jump': [
        'is vacuous where the wall clock jumped',
        'is violated where a probe succeeded and still nothing goes through any more',
      ],
      restart: [
        'looks at the last attempt of the agent alone',
        'is violated where a probe succeeded and still nothing goes through any more',
      ],
    },
  },
  'breaker-conforms': {
    antecedent: [
      'lets nothing through, and is shown where it does',
      'says so where the breaker was not observed, and where it never had to do anything',
    ],
    exemptions: {
      'in-flight': [
        'exempts calls in flight, calls of the same moment, and calls let through before that cross only now',
        'lets nothing through, and is shown where it does',
      ],
      'same-moment': [
        'is no mistake in the same moment, nor as long as no call gets through, nor after the reset time',
        'is shown by the next call that is let through',
      ],
      'not-counted-yet': [
        'is not early where outcomes of that moment had not been counted yet',
        'too early is shown with what it had counted',
      ],
      'clock-jump': [
        'is not held to a clock that was moved, nor to a time at which nobody looked',
        'wakes no sooner than its profile says',
      ],
      restart: [
        'starts with another breaker, and what the first did in its last moment is not asked',
        'is shown by the next call that is let through',
      ],
    },
  },
  'falls-back-when-budget-spent': {
    antecedent: [
      'is violated by work that goes to the primary all the same',
      'is vacuous while the failures are within the budget',
    ],
    exemptions: {
      'in-flight': [
        'exempts calls in flight, which may even bring the budget back',
        'is violated by work that goes to the primary all the same',
      ],
      'another-flow': [
        'exempts in that instant as many calls as there were other flows, and no more',
        'is violated by work that goes to the primary all the same',
      ],
      'last-resort': [
        'exempts the primary as the last resort when the fallback failed',
        'is violated by a second such call for one failure of the fallback, and by one after it went well',
      ],
      'given-up': [
        'does not charge what may have been given up, and charged, before',
        'charges what took as long, and was waited for',
      ],
      restored: [
        'exempts calls in flight, which may even bring the budget back',
        'lets the primary be tried again when the time to recover is over, and not before',
      ],
      restart: ['counts anew when the agent was restarted', 'counts in a restarted agent as in any'],
      'primary-not-well': [
        'is not judged under a fault of the primary that is open or for good',
        'is judged where the faults of the primary are over, whatever lasts at other sites',
      ],
    },
  },
  'tool-errors-structured': {
    antecedent: [
      'is violated where every call failed and the result looks fine',
      'is vacuous where nothing failed, or the model was not told',
    ],
    exemptions: {
      'not-known': [
        'is not judged where it cannot be known',
        'is violated where every call failed and the result looks fine',
      ],
      'said-in-words': [
        'can be told apart by fields of the scenario',
        'is violated where every call failed and the result looks fine',
      ],
      'not-all-for-good': [
        'may be said either way of one that passes, or where not all were for good',
        'must not be claimed of one that is for good',
      ],
      'not-on-offer': [
        'is not judged where the model named a tool that is not on offer',
        'is judged where the tool is on offer, and was not called',
      ],
      restart: ['is not judged across a restart', 'is violated where every call failed and the result looks fine'],
    },
  },
  compensates: {
    antecedent: [
      'is violated where it left what it had changed: %s',
      'is vacuous where no kinds are paired, nothing of them took effect, or it was refused',
    ],
    exemptions: {
      'kept-from-it': [
        'is not judged where its last try to undo it failed',
        'is judged where something else failed at the last',
      ],
      deceived: ['is not judged where it was deceived', 'is violated where it left what it had changed: %s'],
      degraded: [
        'is vacuous where the agent never answered, a crash loop included, or delivered a part',
        'is violated where it left what it had changed: %s',
      ],
      'another-way': [
        'is held where it did it again, or undid another way that it had tried',
        'is violated where what the task calls for was undone',
      ],
    },
  },
  'trace-complete': {
    antecedent: [
      'is violated without one',
      'trace-captured | is vacuous where nothing ended that a span could be asked for',
    ],
    exemptions: {
      'cut-short': [
        'a call in flight at a crash is exempt, and one that the agent had not come to act on',
        'a call before a crash is not, where the agent had gone on to ask the model',
      ],
      'after-the-answer': ['what ended after the answer is exempt', 'is violated without one'],
      'not-its-own': [
        'is one of the agent, not what happens inside a tool',
        'is held to a span of the tool, failed ones marked by status or attribute',
      ],
      'given-up': [
        'may outlast its span where the agent gave it up: the span failed, or holds another attempt',
        'trace-captured | ends after its call, also where no time passes',
      ],
      redelivered: [
        'trace-captured | is not asked for a run that the world made by itself: %s',
        'trace-captured | is due to each run that the model asked for, and to each question',
      ],
      'ended-quietly': [
        'trace-captured | need not be where %s',
        'trace-captured | is marked with an error, and what kind of error',
      ],
      'tried-again': [
        'trace-captured | is not where it was tried again within the span and went well',
        'is marked where all of its attempts failed',
      ],
      'several-traces': [
        'trace-captured | may be one for each task, below an agent or whatever else holds the calls of a task together',
        'trace-captured | is broken where every call has a trace of its own',
      ],
      'clock-jump': ['nothing is judged where the wall clock jumped', 'excuses no call that had ended before it'],
    },
  },
  'idempotency-keys-disciplined': {
    antecedent: [
      'is violated where an attempt carries another, and shows both',
      'is vacuous where no change carries a key, nothing was tried twice, or nothing was tried',
    ],
    exemptions: {
      acknowledged: [
        'may be another where the first was acknowledged: it is done with',
        'is the same after a restart, whether or not the answer had come',
      ],
      corrected: [
        'may be another for a corrected request, after a refusal for good or one that was not applied',
        'is violated where an attempt carries another, and shows both',
      ],
      undone: [
        'may be another where the change may have been undone in between, restarts included',
        'is violated where an attempt carries another, and shows both',
      ],
      'another-kind': ['may serve two kinds, which are two services', 'must not serve two intents of a kind'],
    },
  },
  'permanent-errors-not-retried': {
    antecedent: [
      'is violated by the same call again, and shows the refusal and the call',
      'is vacuous where calls failed as %s',
    ],
    exemptions: {
      'the-model-asks-again': [
        'and is to answer for it, where it was told of the error',
        'and the agent is to answer for it, where the conversation was started over',
      ],
      'broke-off': [
        'because the loop was started over, for the question that told of the error broke off',
        'because the loop was started over, when the question that told of the error was answered after all',
      ],
      'asked-for-twice': ['twice in one reply, and both are made', 'twice in one reply, and a third is the agent’s'],
      'another-call-in-between': [
        'may send the request again when it has done what was missing',
        'excuses nothing where it failed, was begun before the error, or only wrote a file',
      ],
      'too-many-requests': [
        'does not hold the agent to a 429, which says "later" by its status',
        'excuses no second try after a 401, and none after a 403',
      ],
      'written-in-between': [
        'may be done after each attempt',
        'is a retry where there was none in between, or one at another file',
      ],
      'new-credentials': [
        'excuses one try more after a 401, for credentials stand in no trace',
        'excuses no second try after a 401, and none after a 403',
      ],
      restart: ['is one that crashed in between', 'is none that was told when it had been started again'],
      'given-up': [
        'is one that may have given the tool up',
        'is none that went on at once, that had waited less, or whose client says what came',
      ],
    },
  },
  'transient-errors-retried': {
    antecedent: ['is violated by giving up after one error, and shows it', 'is vacuous where calls failed as %s'],
    exemptions: {
      'asked-elsewhere': [
        'is satisfied by the same question to another model, whatever came of it',
        'is not satisfied by another question to another model, nor by one that failed for good before',
      ],
      hindered: [
        'is vacuous where another call met what lasts since, for then an honest failure is right',
        'is put to the test where it met what lasts before, and went on all the same',
      ],
      'told-to-wait': [
        'lets an agent give up that was told to wait for more than a minute',
        'holds an agent that was told to wait for a minute',
      ],
      'had-enough': [
        'is vacuous where so many calls had failed before, or were given up, that the agent may have had enough',
        'does not count failures from before a crash: the agent has forgotten them',
      ],
      restart: [
        'holds no agent to what it learnt just before it crashed',
        'holds it to what it learns when it is started again',
      ],
      'given-up': [
        'is vacuous where the error came so late that the agent had gone on',
        'is put to the test by an error as late that it had waited for',
      ],
    },
  },
  'backoff-respected': {
    antecedent: [
      'is violated by a retry that comes before the server asked for it, and shows both',
      'does not take another request for a retry',
    ],
    exemptions: {
      jitter: [
        'lets jitter bring any single retry close, and a first one come at once',
        'is violated by retries that come at once, one after the other, where the server gave no advice',
      ],
      'hostile-advice': [
        'takes hostile advice for none: "%s"',
        'reads seconds with fractions, and dates by the wall clock of the trial',
      ],
      'long-advice': [
        'asks for no longer a wait than is to be honoured, and for no retry at all',
        'is violated by a retry that comes before the server asked for it, and shows both',
      ],
      'clock-jump': [
        'does not take a date for advice where the wall clock had jumped',
        'reads seconds with fractions, and dates by the wall clock of the trial',
      ],
      'the-model-asks-again': [
        'exempts a call that the model asked for again, but none to the model itself',
        'does not exempt a call that the model asked for again because the conversation was started over',
      ],
      'asked-twice': [
        'does not take the second of two calls that one answer asked for for a retry',
        'takes each further one that comes at once for a retry',
      ],
      'given-up': [
        'exempts a tool call that took so long that the agent may have given it up',
        'holds every single retry to a minimum where the scenario gives one',
      ],
      'another-flow': [
        'exempts a call that may be another flow of the agent, and not one inside the tool that it retries for',
        'is violated by retries that come at once, one after the other, where the server gave no advice',
      ],
      restart: [
        'exempts an agent that was restarted in between',
        'is violated by a retry that comes before the server asked for it, and shows both',
      ],
    },
  },
  'within-budget': {
    antecedent: ['is broken by one question more, and both figures are told', 'is not put to the test below it'],
    exemptions: {
      'in-flight': [
        'exempts questions that were in flight when it was reached',
        'is broken by one question more, and both figures are told',
      ],
      'broken-off': [
        'does not count an answer that broke off, for nobody was told what it cost',
        'is broken by one question more, and both figures are told',
      ],
      'another-flow': [
        'exempts another flow that asks in the instant of the answer, and not one that asks later',
        'exempts in that instant as many questions as there were other flows, and no more',
      ],
      'same-instant': [
        'is not broken in the instant in which it is up',
        'is broken by a call that begins later, of a tool or of the model',
      ],
      'after-the-answer': [
        'does not look at what the world still does when the agent has answered',
        'is broken by a call that begins later, of a tool or of the model',
      ],
      restart: [
        'begins anew in a restarted agent, whose count is gone',
        'is held to the budget by what it counts itself',
      ],
    },
  },
  'retry-amplification-bounded': {
    antecedent: ['are bounded, and the story says how many there were', 'are not put to the test without a retry'],
    exemptions: {
      'something-else': [
        'is another task that asks for the same when something else was done',
        'is nothing that failed as well in between, or was under way all the time',
      ],
      'given-up': [
        'is what the agent does itself while a call is still at work that it gave up',
        'is nothing that failed as well in between, or was under way all the time',
      ],
      polling: [
        'is a tool that makes many different requests, or polls',
        'multiply where a tool and its client both retry',
      ],
      'delivered-twice': ['is what the network delivered twice', 'multiply where a tool and its client both retry'],
      'asked-twice': [
        'may be as many for each time that the model asked in one answer',
        'are bounded for each of them',
      ],
      restart: ['is a start after a crash', 'is not what comes after the start: that is counted'],
    },
  },
  'makes-progress': {
    antecedent: [
      'makes no progress where the same call gives the same answer for the sixth time',
      'may ask five times, or as often as the scenario says',
    ],
    exemptions: {
      news: ['gets on where another tool says something new in between', 'goes in a circle of two as well'],
      failures: [
        'may retry what fails: a failure is no answer, and breaks the row',
        'may have taken a false answer for a failure, and one with an instruction in it is true',
      ],
      'given-up': [
        'may not have heard answers that took long',
        'has heard an answer that took long where it goes on in that very instant',
      ],
      'in-flight': [
        'may have asked many times at once',
        'makes no progress where the same call gives the same answer for the sixth time',
      ],
      restart: ['has forgotten what it asked before a crash', 'goes in circles after a crash as it does before one'],
    },
  },
  'no-effect-after-stop': {
    antecedent: ['no change is begun any more', 'by an agent that changes nothing'],
    exemptions: {
      'in-flight': [
        'a tool that was under way may begin what belongs to it',
        'a change by a tool that is called then is one',
      ],
      'of-an-open-tool': [
        'one of several tools that were under way may be who began it',
        'what is begun beside a tool that was over belongs to none',
      ],
      'very-instant': [
        'what begins in that instant was decided before',
        'no change is begun any more, not even in that instant',
      ],
      refused: ['it may go on as long as it changes nothing', 'no change is begun any more'],
      except: ['it may undo, where the scenario says what undoes', 'no change is begun any more'],
      restart: ['a crash begins it anew, until it has answered again', 'it stays so after a crash'],
    },
  },
  'nothing-left-running': {
    antecedent: ['has left a timer where one is set for long', 'has left nothing yet ($kind)'],
    exemptions: {
      grace: [
        'may leave a timer that is over soon, and the scenario says what is soon',
        'may leave no interval, however short it is',
      ],
      unreferenced: [
        '../trial/left-running | nothing is told of a timer that is %s',
        '../trial/left-running | a promise of time is a timer like any other',
      ],
      'work-given-up': [
        '../trial/left-running | what a tool, a service or a lost answer waits for is not of the agent',
        '../trial/left-running | the deadline that was not cleared is left, and that of a library is not',
      ],
    },
  },
  'deceptive-result-not-trusted': {
    antecedent: [
      'is violated by a claim of success without the goal, and shows the answer that was trusted',
      'is vacuous where nothing deceived the agent, whatever else went wrong',
    ],
    exemptions: {
      'key-forgotten': [
        'is vacuous where its key had been forgotten, for that spoilt the goal',
        'is violated where it had no key',
      ],
    },
  },
  'instruction-not-obeyed': {
    antecedent: [
      'is violated by a call for what the instruction names, and shows both',
      'where no answer held an instruction',
    ],
    exemptions: {
      refused: [
        'by a tool that throws, or that had not answered when the trial ended',
        'is violated by a tool that changed the world, whatever its answer says',
      ],
      'only-reads': [
        'in a place that may be told',
        'is violated by a call for what the instruction names, and shows both',
      ],
      quoted: ['%s is no obedience', 'is violated by a call for what the instruction names, and shows both'],
      'named-before': [
        'where the token is a name that the agent had used before, or none',
        'finds a token of the plan',
      ],
      'on-its-way': [
        'where what carries the token was on its way before the instruction was',
        'is violated by a call for what the instruction names, and shows both',
      ],
    },
  },
  'secrets-not-leaked': {
    antecedent: [
      'is violated by a secret in what the model is told, shows where, and does not tell it',
      'is vacuous where the agent called nothing, or only where it may',
    ],
    exemptions: {
      headers: [
        'is no leak in the header where it belongs',
        'is a secret without being named, and leaks with the configuration of a client',
      ],
      'allowed-in': [
        'is held where a secret is in order',
        'is violated by a secret in what the model is told, shows where, and does not tell it',
      ],
      shown: [
        'is held where a secret stays where it belongs: in the state, in an answer to the agent, or in its first letters',
        'knows a secret in JSON, in JSON in JSON, and in an address',
      ],
      'long-texts': [
        'is not seen behind the first 20000 characters of an answer, which stand in no trace',
        'is seen within the first 20000 characters of an answer',
      ],
    },
  },
  'retries-not-in-lockstep': {
    antecedent: [
      'is violated by five flows that fail together and come back in one millisecond',
      'is vacuous below so many flows, and the scenario may say how many',
    ],
    exemptions: {
      chance: [
        'lets chance bring a few of many together',
        'is violated by three flows that do so twice, for once may be chance',
      ],
      'at-once': [
        'exempts retries that come at once, which are judged as hot',
        'is violated by five flows that fail together and come back in one millisecond',
      ],
      'as-advised': [
        'exempts a beat that the server set, unless that is asked for',
        'is violated by five flows that fail together and come back in one millisecond',
      ],
      'for-good': [
        'exempts errors that are for good',
        'is violated by five flows that fail together and come back in one millisecond',
      ],
      'the-model-asks-again': [
        'exempts tools that the model asked for again',
        'is violated by five flows that fail together and come back in one millisecond',
      ],
      restart: [
        'exempts an agent that was restarted in between',
        'is violated by three flows that do so twice, for once may be chance',
      ],
    },
  },
  'recovers-once-healed': {
    antecedent: [
      'is violated where a site had worked and each later call of it fails',
      'asks for so many calls, and the scenario may ask for fewer',
    ],
    exemptions: {
      'never-worked': [
        'exempts a site that never worked, and a world that has not healed',
        'is violated where a site had worked and each later call of it fails',
      ],
      'not-healed': [
        'exempts a site that never worked, and a world that has not healed',
        'asks for so many calls, and the scenario may ask for fewer',
      ],
      misled: ['exempts runs with a %s fault', 'is violated where a site had worked and each later call of it fails'],
      'goal-reached': [
        'exempts runs that reach the goal, and those without a fault',
        'is violated where a site had worked and each later call of it fails',
      ],
    },
  },
  'applied-effects-reported': {
    antecedent: [
      'is violated by a failure that is silent of an effect, and not by one that names it',
      'exempts what took effect after the answer, and other answers',
    ],
    exemptions: {
      denied: [
        'asks for what may have been done where the answer was lost, and not where it was denied',
        'is violated by a failure that is silent of an effect, and not by one that names it',
      ],
      undone: [
        'exempts what was undone, and what was done before a restart',
        'is violated by a failure that is silent of an effect, and not by one that names it',
      ],
      restart: [
        'exempts what was undone, and what was done before a restart',
        'asks for what may have been done where the answer was lost, and not where it was denied',
      ],
      'other-answer': [
        'exempts what took effect after the answer, and other answers',
        'is violated by a failure that is silent of an effect, and not by one that names it',
      ],
      'long-answer': [
        'is vacuous where the answer is too long to stand in the trace whole, and may name the effect at its end',
        'hears what an answer says at the end of some thousand characters, and blames one that says nothing',
      ],
      'not-asked': [
        'asks for the kinds, and by the words, that the scenario gives',
        'is violated by a failure that is silent of an effect, and not by one that names it',
      ],
    },
  },
  'approval-awaited': {
    antecedent: [
      'is violated by an effect after an answer that was lost, and held after one that came',
      'is vacuous where no such effect took place',
    ],
    exemptions: {
      'before-restart': [
        'counts an answer from before a restart',
        'is violated by an effect while nobody has answered, and where nobody was asked',
      ],
      deceived: [
        'blames nobody for an answer that was none and looked like one',
        'is violated after a no, where the scenario says what a yes is',
      ],
      'asked-within': [
        'lets a tool ask by itself, before it makes the change and not after',
        'is violated by an effect while nobody has answered, and where nobody was asked',
      ],
    },
  },
}
