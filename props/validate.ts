/** The command behind `npm run validate`. */
import { main } from "./validate/main.ts";

process.exitCode = await main(process.argv.slice(2));
