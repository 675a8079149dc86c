/** The command behind `npm run calibrate`. */
import { main } from "./calibration/main.ts";

process.exitCode = await main(process.argv.slice(2));
