/** Two capacity reports side by side. */
import { main } from "./comparison/main.ts";

process.exitCode = await main(process.argv.slice(2));
