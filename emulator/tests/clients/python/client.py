"""The newer Python SDK against the emulator: a job's life under both signatures, and every way to be refused."""

import asyncio
import json
import os
import time
import urllib.request

from alibabacloud_iot20180120 import models
from alibabacloud_iot20180120.client import Client
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils

EMULATOR = os.environ["EMULATOR"]
TAG = "上海 站点*1~α+β a/b=c&d%e:f,(g)!'h'"
SIGNATURES = (None, "v2")


def client(signature, key_id="emulator-key-id", secret="emulator-key-secret", token=None):
    return Client(
        Config(
            access_key_id=key_id,
            access_key_secret=secret,
            security_token=token,
            endpoint=EMULATOR,
            protocol="HTTP",
            region_id="cn-shanghai",
            signature_algorithm=signature,
        )
    )


def creation():
    return models.CreateOTADynamicUpgradeJobRequest(
        firmware_id="fw-1",
        product_key="product",
        src_version=["1.0.%d" % number for number in range(10)],
        tag=[
            models.CreateOTADynamicUpgradeJobRequestTag(key="site.cn", value=TAG),
            models.CreateOTADynamicUpgradeJobRequestTag(key="b", value="2"),
        ],
        retry_interval=0,
        retry_count=1,
        need_push=True,
    )


def update(job_id):
    return models.UpdateOTAJobRequest(
        job_id=job_id,
        upgrade_type="DYNAMIC",
        target_selection="ALL",
        maximum_per_minute=500,
        timeout_in_minutes=60,
        tags=[models.UpdateOTAJobRequestTags(key="only", value="one")],
        src_version_list=["1.0.0", "1.0.1"],
    )


def list_jobs():
    return models.ListOTAJobByFirmwareRequest(firmware_id="fw-1", current_page=1, page_size=10)


def query(iot, job_id):
    return iot.query_otajob(models.QueryOTAJobRequest(job_id=job_id)).body.data


def life(iot):
    job_id = iot.create_otadynamic_upgrade_job(creation()).body.data.job_id
    job = query(iot, job_id)
    assert job.job_status == "IN_PROGRESS" and job.retry_interval == 0, job
    assert sorted(job.src_versions.src_version) == ["1.0.%d" % number for number in range(10)], job
    assert {tag.key: tag.value for tag in job.tags.ota_tag_dto} == {"site.cn": TAG, "b": "2"}, job
    jobs = iot.list_otajob_by_firmware(list_jobs()).body.data.simple_otajob_info
    assert job_id in [job.job_id for job in jobs], jobs
    assert iot.update_otajob(update(job_id)).body.success is True
    job = query(iot, job_id)
    assert (job.maximum_per_minute, job.timeout_in_minutes) == (500, 60), job
    assert sorted(job.src_versions.src_version) == ["1.0.0", "1.0.1"], job
    assert [(tag.key, tag.value) for tag in job.tags.ota_tag_dto] == [("only", "one")], job
    cancelled = iot.cancel_otastrategy_by_job(models.CancelOTAStrategyByJobRequest(job_id=job_id))
    assert cancelled.body.success is True
    assert query(iot, job_id).job_status == "CANCELED"


def modules(iot):
    listed = iot.list_otamodule_by_product(models.ListOTAModuleByProductRequest(product_key="product"))
    assert [module.module_name for module in listed.body.data] == ["default"], listed


async def asynchronously(iot):
    # The asynchronous client encodes the query in another way.
    job_id = (await iot.create_otadynamic_upgrade_job_async(creation())).body.data.job_id
    job = (await iot.query_otajob_async(models.QueryOTAJobRequest(job_id=job_id))).body.data
    assert {tag.key: tag.value for tag in job.tags.ota_tag_dto} == {"site.cn": TAG, "b": "2"}, job
    await iot.cancel_otastrategy_by_job_async(models.CancelOTAStrategyByJobRequest(job_id=job_id))


def temporary_key(signature):
    with urllib.request.urlopen("http://%s/_emulator/credentials" % EMULATOR) as answer:
        key = json.load(answer)
    good = client(signature, key["AccessKeyId"], key["AccessKeySecret"], key["SecurityToken"])
    assert good.list_otajob_by_firmware(list_jobs()).body.success is True
    other = client(signature, key["AccessKeyId"], key["AccessKeySecret"], "another")
    refused("InvalidSecurityToken.MismatchWithAccessKey", other)


def refused(code, iot):
    try:
        answer = iot.list_otajob_by_firmware(list_jobs())
    except Exception as error:
        assert getattr(error, "code", None) == code, (code, error)
        return
    raise AssertionError("%s was expected, not %s" % (code, answer))


def refusals(signature):
    refused("SignatureDoesNotMatch", client(signature, secret="another"))
    refused("InvalidAccessKeyId.NotFound", client(signature, key_id="another"))
    nonce, now = Utils.get_nonce, Utils.get_timestamp
    Utils.get_nonce = staticmethod(lambda: "the-same-again-%s" % signature)
    assert client(signature).list_otajob_by_firmware(list_jobs()).body.success is True
    refused("SignatureNonceUsed", client(signature))
    Utils.get_nonce = staticmethod(nonce)
    for minutes in (-16, 16):
        moved = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * minutes))
        Utils.get_timestamp = staticmethod(lambda: moved)
        refused("InvalidTimeStamp.Expired", client(signature))
    Utils.get_timestamp = staticmethod(lambda: "yesterday")
    refused("InvalidTimeStamp.Format", client(signature))
    Utils.get_timestamp = staticmethod(now)
    assert client(signature).list_otajob_by_firmware(list_jobs()).body.success is True


for algorithm in SIGNATURES:
    life(client(algorithm))
    modules(client(algorithm))
    asyncio.run(asynchronously(client(algorithm)))
    temporary_key(algorithm)
    refusals(algorithm)
print("all done")
