// The Node SDK against the emulator: a job's life under both signatures, and every way to be refused.

const assert = require('node:assert/strict');
const { createRequire } = require('node:module');

const { default: Client, ...models } = require('@alicloud/iot20180120');
const { Config, Params, OpenApiRequest } = require('@alicloud/openapi-client');

// The SDK's own helpers, as its core library finds them: their clock and nonces are moved below.
const core = createRequire(require.resolve('@alicloud/openapi-client'));
const { default: Nonces, RuntimeOptions } = core('@alicloud/tea-util');
const { default: Clock } = core('@alicloud/openapi-util');

const endpoint = process.env.EMULATOR;
const TAG = "上海 站点*1~α+β a/b=c&d%e:f,(g)!'h'";
const versions = Array.from({ length: 10 }, (_, number) => `1.0.${number}`);

function client(signatureAlgorithm, changed = {}) {
  const config = new Config({
    accessKeyId: 'emulator-key-id',
    accessKeySecret: 'emulator-key-secret',
    endpoint,
    protocol: 'HTTP',
    regionId: 'cn-shanghai',
    signatureAlgorithm,
    ...changed,
  });
  return new Client(config);
}

const query = async (iot, jobId) => (await iot.queryOTAJob(new models.QueryOTAJobRequest({ jobId }))).body.data;

const list = (iot) =>
  iot.listOTAJobByFirmware(new models.ListOTAJobByFirmwareRequest({ firmwareId: 'fw-1', currentPage: 1, pageSize: 10 }));

// This version of the SDK has no UpdateOTAJob; its core library can call any operation.
async function update(iot, jobId) {
  const params = new Params({
    action: 'UpdateOTAJob',
    version: '2018-01-20',
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  const request = new OpenApiRequest({
    query: {
      JobId: jobId,
      UpgradeType: 'DYNAMIC',
      TargetSelection: 'ALL',
      MaximumPerMinute: '500',
      TimeoutInMinutes: '60',
      'Tags.1.Key': 'only',
      'Tags.1.Value': 'one',
      'SrcVersionList.1': '1.0.0',
      'SrcVersionList.2': '1.0.1',
    },
  });
  return (await iot.callApi(params, request, new RuntimeOptions({}))).body;
}

async function life(iot) {
  const creation = new models.CreateOTADynamicUpgradeJobRequest({
    firmwareId: 'fw-1',
    productKey: 'product',
    srcVersion: versions,
    tag: [
      new models.CreateOTADynamicUpgradeJobRequestTag({ key: 'site.cn', value: TAG }),
      new models.CreateOTADynamicUpgradeJobRequestTag({ key: 'b', value: '2' }),
    ],
    retryInterval: 0,
    retryCount: 1,
    needPush: true,
  });
  const { jobId } = (await iot.createOTADynamicUpgradeJob(creation)).body.data;
  let job = await query(iot, jobId);
  assert.deepEqual([job.jobStatus, job.retryInterval], ['IN_PROGRESS', 0]);
  assert.deepEqual([...job.srcVersions.srcVersion].sort(), versions);
  const tags = Object.fromEntries(job.tags.otaTagDTO.map((tag) => [tag.key, tag.value]));
  assert.deepEqual(tags, { 'site.cn': TAG, b: '2' });
  const jobs = (await list(iot)).body.data.simpleOTAJobInfo;
  assert.ok(jobs.some((listed) => listed.jobId === jobId));
  assert.equal((await update(iot, jobId)).Success, true);
  job = await query(iot, jobId);
  assert.deepEqual([job.maximumPerMinute, job.timeoutInMinutes], [500, 60]);
  assert.deepEqual([...job.srcVersions.srcVersion].sort(), ['1.0.0', '1.0.1']);
  assert.deepEqual(job.tags.otaTagDTO.map(({ key, value }) => [key, value]), [['only', 'one']]);
  const cancelled = await iot.cancelOTAStrategyByJob(new models.CancelOTAStrategyByJobRequest({ jobId }));
  assert.equal(cancelled.body.success, true);
  assert.equal((await query(iot, jobId)).jobStatus, 'CANCELED');
}

async function modules(iot) {
  const request = new models.ListOTAModuleByProductRequest({ productKey: 'product' });
  const { data } = (await iot.listOTAModuleByProduct(request)).body;
  assert.deepEqual(data.map((module) => module.moduleName), ['default']);
}

async function temporaryKey(signature) {
  const key = await (await fetch(`http://${endpoint}/_emulator/credentials`)).json();
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = key;
  assert.equal((await list(client(signature, { accessKeyId, accessKeySecret, securityToken }))).body.success, true);
  const other = client(signature, { accessKeyId, accessKeySecret, securityToken: 'another' });
  await refused('InvalidSecurityToken.MismatchWithAccessKey', other);
}

const refused = (code, iot) => assert.rejects(list(iot), (error) => assert.equal(error.code, code) ?? true);

async function refusals(signature) {
  await refused('SignatureDoesNotMatch', client(signature, { accessKeySecret: 'another' }));
  await refused('InvalidAccessKeyId.NotFound', client(signature, { accessKeyId: 'another' }));
  const { getNonce } = Nonces;
  const { getTimestamp } = Clock;
  Nonces.getNonce = () => `the-same-again-${signature}`;
  assert.equal((await list(client(signature))).body.success, true);
  await refused('SignatureNonceUsed', client(signature));
  Nonces.getNonce = getNonce;
  for (const minutes of [-16, 16]) {
    const moved = new Date(Date.now() + 60_000 * minutes).toISOString().replace(/\.\d+Z$/, 'Z');
    Clock.getTimestamp = () => moved;
    await refused('InvalidTimeStamp.Expired', client(signature));
  }
  Clock.getTimestamp = () => 'yesterday';
  await refused('InvalidTimeStamp.Format', client(signature));
  Clock.getTimestamp = getTimestamp;
  assert.equal((await list(client(signature))).body.success, true);
}

async function main() {
  for (const signature of [undefined, 'v2']) {
    await life(client(signature));
    await modules(client(signature));
    await temporaryKey(signature);
    await refusals(signature);
  }
  console.log('all done');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
