import {
  to = alicloud_iot_ota_dynamic_job.minimal
  id = "wahVIzGkCMuAUE2gDERM020100"
}
