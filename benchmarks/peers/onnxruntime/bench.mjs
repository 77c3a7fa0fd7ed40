// Times ONNX Runtime's forward pass on the three benchmark networks, one intra-op thread.
//
//   npm install --ignore-scripts
//   node bench.mjs [--batches 1,32,256] [--networks mnist_cnn,...] [--seconds 0.5]
//
// Prints one JSON line {network, method, batch, threads, median_us} for each.
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

async function medianMicroseconds(call, seconds) {
  await call();
  await call();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const start = performance.now();
    await call();
    times.push(1000 * (performance.now() - start));
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
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
    const median = await medianMicroseconds(() => session.run(feeds), Number(options.seconds));
    console.log(JSON.stringify({ network, method: 'forward', batch, threads: 1, median_us: Math.round(10 * median) / 10 }));
  }
}
