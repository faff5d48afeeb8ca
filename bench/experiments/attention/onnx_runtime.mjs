// Times ONNX Runtime's GroupQueryAttention, the operator that a user of causal attention on a CPU has: one head, one
// thread, float32, random numbers. The package, onnxruntime-node, is looked for in PACKAGES, where run.sh
// installs it.
//
// Usage: node onnx_runtime.mjs FOLDER PACKAGES [TOKENS...]    (writes attention_times_onnx.csv to FOLDER)
import { createRequire } from 'node:module';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? '.');
const packages = resolve(process.argv[3] ?? '.');
const lengths = process.argv.slice(4).map(Number);
if (!existsSync(join(packages, 'node_modules/onnxruntime-node'))) {
  console.log(`skipped: ${packages} has no onnxruntime-node`);
  process.exit(0);
}
const ort = createRequire(join(packages, 'here.js'))('onnxruntime-node');

// As much of the protocol buffers of an ONNX model as one operator needs: a field is its number and its bytes.
const varint = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const integer = (field, value) => [...varint(field * 8), ...varint(value)];
const bytes = (field, value) => [...varint(field * 8 + 2), ...varint(value.length), ...value];
const text = (field, value) => bytes(field, [...Buffer.from(value)]);
const [FLOAT, INT32] = [1, 6];
const tensor = (field, name, type, sizes) => {
  const shape = sizes.flatMap((size) => bytes(1, integer(1, size)));
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, [...integer(1, type), ...bytes(2, shape)]))]);
};
const attribute = (name, value) => bytes(5, [...text(1, name), ...integer(3, value), ...integer(20, 2)]);

function model(n, d) {
  const cache = [1, 1, n, d];
  const node = [
    ...['query', 'key', 'value', '', '', 'last', 'total'].flatMap((name) => text(1, name)),
    ...['output', 'keys', 'values'].flatMap((name) => text(2, name)),
    ...text(4, 'GroupQueryAttention'), ...attribute('num_heads', 1), ...attribute('kv_num_heads', 1),
    ...text(7, 'com.microsoft')];
  const graph = [
    ...bytes(1, node), ...text(2, 'attention'),
    ...['query', 'key', 'value'].flatMap((name) => tensor(11, name, FLOAT, [1, n, d])),
    ...tensor(11, 'last', INT32, [1]), ...tensor(11, 'total', INT32, [1]),
    ...tensor(12, 'output', FLOAT, [1, n, d]), ...tensor(12, 'keys', FLOAT, cache),
    ...tensor(12, 'values', FLOAT, cache)];
  return Uint8Array.from([
    ...integer(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ''), ...integer(2, 17)]),
    ...bytes(8, [...text(1, 'com.microsoft'), ...integer(2, 1)])]);
}

async function seconds(n, d) {
  const session = await ort.InferenceSession.create(model(n, d), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const numbers = () =>
    new ort.Tensor('float32', Float32Array.from({ length: n * d }, () => Math.random() - 0.5), [1, n, d]);
  const feeds = {
    query: numbers(), key: numbers(), value: numbers(),
    last: new ort.Tensor('int32', [n - 1], [1]), total: new ort.Tensor('int32', [n], [1])};
  let best = Infinity;
  let processor = Infinity;
  for (let call = 0; call < 4; ++call) {
    const [begin, used] = [performance.now(), process.cpuUsage()];
    await session.run(feeds);
    best = Math.min(best, (performance.now() - begin) / 1000);
    const { user, system } = process.cpuUsage(used);
    processor = Math.min(processor, (user + system) / 1e6);
  }
  await session.release();
  return [best, processor];
}

// As machine.hpp has it of what is compiled.
function machineLine() {
  const { version } = JSON.parse(readFileSync(join(packages, 'node_modules/onnxruntime-node/package.json')));
  const pages = '/sys/kernel/mm/transparent_hugepage/enabled';
  const [, inUse] = (existsSync(pages) && /\[(.*)\]/.exec(readFileSync(pages, 'utf8'))) || [];
  return [
    new Date().toISOString().slice(0, 10), cpus()[0].model, `${cpus().length} processors`, `onnxruntime-node ${version}`,
    ...(inUse ? [`huge pages ${inUse}`] : []), `load ${loadavg()[0].toFixed(2)}`].join(', ');
}

const rows = ['method,mass,head size,tokens,seconds,processor seconds'];
for (const d of [64, 128]) {
  for (const n of lengths.length ? lengths : [4096, 8192, 16384, 32768]) {
    const [best, processor] = await seconds(n, d);
    rows.push(`onnx,,${d},${n},${best.toPrecision(3)},${processor.toPrecision(3)}`);
    const [clock, cpu] = [best.toPrecision(3), processor.toPrecision(3)];
    console.log(`ONNX Runtime, d = ${d}, n = ${n}: ${clock} s, ${cpu} s of processor`);
  }
}
writeFileSync(join(folder, 'attention_times_onnx.csv'), `# ${machineLine()}\n${rows.join('\n')}\n`);
