// Times ONNX Runtime's forward pass on the three benchmark networks, one intra-op thread.
//
//   npm install --ignore-scripts
//   node bench.mjs [--batches 1,32,256] [--networks mnist_cnn,...] [--seconds 0.5]
//
// Prints one JSON line {network, method, batch, threads, median_us, cpu_us} for each, where cpu_us is the processor time of a call,
// averaged: on a busy machine the steadier of the two.
import * as ort from 'onnxruntime-node';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const shapes = { mnist_cnn: [1, 28, 28], genomics_cnn: [4, 200], tabular_mlp: [30] };
const weights = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'weights');

const { values: options } = parseArgs({
  options: {
    batches: { type: 'string', default: '1,32,256' },
    networks: { type: 'string', default: Object.keys(shapes).join(',') },
    seconds: { type: 'string', default: '0.5' },
  },
});

/** Numbers in 0..1, the same in every run (a linear congruential generator). */
function numbers(count) {
  const values = new Float32Array(count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (1664525 * state + 1013904223) % 4294967296;
    values[i] = state / 4294967296;
  }
  return values;
}

/** Median time and mean processor time of a call. */
async function measure(call, seconds) {
  await call();
  await call();
  const times = [];
  const before = process.cpuUsage();
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const start = performance.now();
    await call();
    times.push(1000 * (performance.now() - start));
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const rounded = (number) => Math.round(10 * number) / 10;
  return { median_us: rounded(times[times.length >> 1]), cpu_us: rounded((user + system) / times.length) };
}

for (const network of options.networks.split(',')) {
  const session = await ort.InferenceSession.create(join(weights, `${network}.onnx`), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const input = session.inputNames[0];
  for (const batch of options.batches.split(',').map(Number)) {
    const axes = [batch, ...shapes[network]];
    const feeds = { [input]: new ort.Tensor('float32', numbers(axes.reduce((a, b) => a * b)), axes) };
    const measured = await measure(() => session.run(feeds), Number(options.seconds));
    console.log(JSON.stringify({ network, method: 'forward', batch, threads: 1, ...measured }));
  }
}
