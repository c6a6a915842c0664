resource "alicloud_iot_ota_dynamic_job" "thermostat" {
  firmware_id  = "nx3xxVvFdwvn6dim50PY030100"
  product_key  = "a1Le6d0TEST"
  src_versions = ["1.0.0"]
}

data "alicloud_iot_ota_job_progress" "thermostat" {
  job_id = alicloud_iot_ota_dynamic_job.thermostat.job_id
}

output "waiting" {
  value = data.alicloud_iot_ota_job_progress.thermostat.task_counts["QUEUED"]
}
