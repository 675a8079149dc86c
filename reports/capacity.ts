/** `npm run report`: the capacity report of a scenario. */
import { main } from "./command/main.ts";

process.exitCode = await main(process.argv.slice(2));
