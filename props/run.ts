/** The command behind `npm run props`. */
import { main } from "./properties/main.ts";

process.exitCode = await main(process.argv.slice(2));
