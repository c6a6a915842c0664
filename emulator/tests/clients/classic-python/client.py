"""The classic Python SDK against the emulator: a job's life in JSON and XML, and every way to be refused."""

import json
import os
import time
import xml.etree.ElementTree as ElementTree

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from aliyunsdkcore.utils import parameter_helper
from aliyunsdkiot.request.v20180120.CancelOTAStrategyByJobRequest import CancelOTAStrategyByJobRequest
from aliyunsdkiot.request.v20180120.CreateOTADynamicUpgradeJobRequest import CreateOTADynamicUpgradeJobRequest
from aliyunsdkiot.request.v20180120.ListOTAJobByFirmwareRequest import ListOTAJobByFirmwareRequest
from aliyunsdkiot.request.v20180120.ListOTAModuleByProductRequest import ListOTAModuleByProductRequest
from aliyunsdkiot.request.v20180120.QueryOTAJobRequest import QueryOTAJobRequest
from aliyunsdkiot.request.v20180120.UpdateOTAJobRequest import UpdateOTAJobRequest

EMULATOR = os.environ["EMULATOR"]
TAG = "上海 站点*1~α+β a/b=c&d%e:f,(g)!'h'"


def client(key_id="emulator-key-id", secret="emulator-key-secret"):
    return AcsClient(key_id, secret, "cn-shanghai", auto_retry=False)


def send(acs, request, form="JSON"):
    """The answer as a tree of whichever form."""
    request.set_endpoint(EMULATOR)
    if form == "JSON":
        return json.loads(acs.do_action_with_exception(request))
    # The method with exceptions asks for JSON whatever the request says.
    request.set_accept_format(form)
    status, _, answer = acs.get_response(request)[:3]
    assert status == 200, answer
    return ElementTree.fromstring(answer)


def create(acs, form="JSON"):
    request = CreateOTADynamicUpgradeJobRequest()
    request.set_FirmwareId("fw-1")
    request.set_ProductKey("product")
    request.set_SrcVersions(["1.0.%d" % number for number in range(10)])
    request.set_Tags([{"Key": "site.cn", "Value": TAG}, {"Key": "b", "Value": "2"}])
    request.set_RetryInterval(0)
    request.set_RetryCount(1)
    request.set_NeedPush(True)
    return send(acs, request, form)


def with_job(request_class, job_id):
    request = request_class()
    request.set_JobId(job_id)
    return request


def update(job_id):
    request = with_job(UpdateOTAJobRequest, job_id)
    request.set_UpgradeType("DYNAMIC")
    request.set_TargetSelection("ALL")
    request.set_MaximumPerMinute(500)
    request.set_TimeoutInMinutes(60)
    request.set_Tagss([{"Key": "only", "Value": "one"}])
    request.set_SrcVersionLists(["1.0.0", "1.0.1"])
    return request


def list_jobs():
    request = ListOTAJobByFirmwareRequest()
    request.set_FirmwareId("fw-1")
    request.set_CurrentPage(1)
    request.set_PageSize(10)
    return request


def life_in_json(acs):
    job_id = create(acs)["Data"]["JobId"]
    job = send(acs, with_job(QueryOTAJobRequest, job_id))["Data"]
    assert job["JobStatus"] == "IN_PROGRESS" and job["RetryInterval"] == 0, job
    assert sorted(job["SrcVersions"]["SrcVersion"]) == ["1.0.%d" % number for number in range(10)], job
    assert {tag["Key"]: tag["Value"] for tag in job["Tags"]["OtaTagDTO"]} == {"site.cn": TAG, "b": "2"}, job
    jobs = send(acs, list_jobs())["Data"]["SimpleOTAJobInfo"]
    assert job_id in [job["JobId"] for job in jobs], jobs
    assert send(acs, update(job_id))["Success"] is True
    job = send(acs, with_job(QueryOTAJobRequest, job_id))["Data"]
    assert (job["MaximumPerMinute"], job["TimeoutInMinutes"]) == (500, 60), job
    assert sorted(job["SrcVersions"]["SrcVersion"]) == ["1.0.0", "1.0.1"], job
    assert job["Tags"]["OtaTagDTO"] == [{"Key": "only", "Value": "one"}], job
    assert send(acs, with_job(CancelOTAStrategyByJobRequest, job_id))["Success"] is True
    assert send(acs, with_job(QueryOTAJobRequest, job_id))["Data"]["JobStatus"] == "CANCELED"


def life_in_xml(acs):
    answer = create(acs, "XML")
    assert answer.tag == "CreateOTADynamicUpgradeJobResponse", answer.tag
    job_id = answer.findtext("Data/JobId")
    job = send(acs, with_job(QueryOTAJobRequest, job_id), "XML").find("Data")
    assert len(job.findall("SrcVersions/SrcVersion")) == 10
    values = [tag.findtext("Value") for tag in job.findall("Tags/OtaTagDTO")]
    assert sorted(values) == sorted([TAG, "2"]), values
    jobs = send(acs, list_jobs(), "XML").findall("Data/SimpleOTAJobInfo")
    assert job_id in [job.findtext("JobId") for job in jobs]
    assert send(acs, update(job_id), "XML").findtext("Success") == "true"
    assert send(acs, with_job(CancelOTAStrategyByJobRequest, job_id), "XML").findtext("Success") == "true"
    assert send(acs, with_job(QueryOTAJobRequest, job_id), "XML").findtext("Data/JobStatus") == "CANCELED"


def modules(acs):
    request = ListOTAModuleByProductRequest()
    request.set_ProductKey("product")
    assert [module["ModuleName"] for module in send(acs, request)["Data"]] == ["default"]


def temporary_key(acs):
    request = CommonRequest(version="2015-04-01", action_name="AssumeRole", domain=EMULATOR)
    request.set_protocol_type("http")
    request.set_method("POST")
    request.add_query_param("RoleArn", "acs:ram::1234567890123456:role/ota")
    request.add_query_param("RoleSessionName", "classic")
    key = json.loads(acs.do_action_with_exception(request))["Credentials"]
    credential = StsTokenCredential(key["AccessKeyId"], key["AccessKeySecret"], key["SecurityToken"])
    acs = AcsClient(region_id="cn-shanghai", credential=credential, auto_retry=False)
    assert send(acs, list_jobs())["Success"] is True


def refused(status, code, acs):
    try:
        answer = send(acs, list_jobs())
    except ServerException as error:
        assert (error.get_http_status(), error.get_error_code()) == (status, code), error
        return
    raise AssertionError("%s was expected, not %s" % (code, answer))


def refusals():
    # The SDK compares the StringToSign in the refusal with its own, and says which half of the key is wrong.
    refused(400, "InvalidAccessKeySecret", client(secret="another"))
    refused(404, "InvalidAccessKeyId.NotFound", client(key_id="another"))
    nonce, now = parameter_helper.get_uuid, parameter_helper.get_iso_8061_date
    parameter_helper.get_uuid = lambda: "the-same-again"
    assert send(client(), list_jobs())["Success"] is True
    refused(400, "SignatureNonceUsed", client())
    parameter_helper.get_uuid = nonce
    for minutes in (-16, 16):
        moved = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60 * minutes))
        parameter_helper.get_iso_8061_date = lambda: moved
        refused(400, "InvalidTimeStamp.Expired", client())
    parameter_helper.get_iso_8061_date = lambda: "yesterday"
    refused(400, "InvalidTimeStamp.Format", client())
    parameter_helper.get_iso_8061_date = now
    assert send(client(), list_jobs())["Success"] is True


life_in_json(client())
life_in_xml(client())
modules(client())
temporary_key(client())
refusals()
print("all done")
