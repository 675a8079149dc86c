/**
 * The counter's contract on the twin alone. The test of that name runs it on Redis too, for which
 * every mutant would have to start one; and a mutant of the twin changes nothing there.
 */
import { counterContract } from "../counter/contract.ts";
import { createTwinSubject } from "../counter/twin-subject.ts";

counterContract("the twin", createTwinSubject);
