import {
  to = alicloud_iot_ota_dynamic_job.minimal
  identity = {
    job_id = "wahVIzGkCMuAUE2gDERM020100"
  }
}
